"""Imports of decisions, remembered column mappings, and access tokens of outside systems."""

from django.db import models

from approvals.statuses import Intake
from exchange.statuses import ImportState, RowState
from foundation.organizations.models import County, Organ, User
from foundation.papers.models import Attachment


class ImportSource(models.Model):
    """An outside system whose files a bureau imports, with the column mapping last confirmed for it."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("来源系统", max_length=60)
    columns = models.JSONField(default=dict, help_text="field → column heading")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "name"], name="import_source_once")]

    def __str__(self) -> str:
        return self.name


class ImportJob(models.Model):
    """One file being imported. Rows are processed in order; `done_rows` is how far it got, so a killed worker goes on where it stopped."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(ImportSource, on_delete=models.PROTECT, null=True)
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField("文件名", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the file as it was uploaded; `file` is the portal's own copy of it")
    layout = models.CharField(max_length=20, blank=True, help_text="the national layout it was recognised as")
    intake = models.CharField(max_length=8, choices=Intake)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    columns = models.JSONField(default=dict)
    headings = models.JSONField(default=list)
    total_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    good_rows = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organ", "-id"], name="import_of_organ")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """A row that did not simply go in: its cells as they stood, and per cell what is wrong, in words a clerk understands."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RowState)
    cells = models.JSONField()
    errors = models.JSONField(default=dict)
    decision_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["job", "state", "number"], name="import_row_by_state")]


class AccessToken(models.Model):
    """A token of an outside system that acts for one organ. Only its hash is kept."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="the service account in whose name it acts")
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    expires_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """An answered API request: the same key with the same body gets the same answer, with another body a conflict."""

    token = models.ForeignKey(AccessToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="idempotency_key_once")]
