"""Decisions of an approval bureau."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from approvals.statuses import CorrectionKind, CorrectionState, DecisionKind, DecisionState, DeliveryMeans, DutyKind, Intake, Origin
from catalogue.models import HandlingItem
from catalogue.statuses import CommitmentMode
from foundation.deadlines.models import Rulebook
from foundation.organizations.models import County, Organ, User
from parties.models import Party


class Decision(models.Model):
    """A decision on a licence. Once issued it is never edited; its state is the sum of its changes.

    `decided_on` is the day on the paper; powers and the rulebook are judged on it. `issued_at` is the instant at which the portal
    issued it or took it in, and pushed it.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="decisions", help_text="the deciding organ")
    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField("来源", max_length=12, choices=Origin)
    intake = models.CharField("入库方式", max_length=8, choices=Intake, default=Intake.LIVE)
    state = models.CharField("状态", max_length=10, choices=DecisionState, default=DecisionState.DRAFT)
    kind = models.CharField("决定", max_length=8, choices=DecisionKind, default=DecisionKind.GRANT)
    handling_item = models.ForeignKey(HandlingItem, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    item_text = models.CharField("事项（原文）", max_length=300, blank=True, help_text="as the source wrote it, where nothing matched")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="decisions")
    party_contact = models.CharField("联系方式", max_length=80, blank=True)
    no_contact_reason = models.CharField("无联系方式的理由", max_length=200, blank=True)
    party_address = models.CharField("地址", max_length=200, blank=True)
    title = models.CharField("文书名称", max_length=64, blank=True)
    document_number = models.CharField("文书编号", max_length=128, blank=True)
    certificate_name = models.CharField("证照名称", max_length=64, blank=True)
    certificate_number = models.CharField("证照编号", max_length=64, blank=True)
    content = models.TextField("许可内容", blank=True)
    commitment_mode = models.CharField("告知承诺", max_length=20, choices=CommitmentMode, default=CommitmentMode.NONE)
    decided_on = models.DateField("许可日期")
    valid_from = models.DateField("有效期自", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True)
    findings = models.JSONField(default=list, help_text="[{code, message, field}]: what would have blocked an issue here")
    content_hash = models.CharField(max_length=64, blank=True)
    search_text = models.TextField(blank=True)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-decided_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "organ", "document_number", "handling_item", "certificate_number"],
                condition=Q(state__in=["issued", "unrouted"]) & ~Q(document_number=""),
                nulls_distinct=False,
                name="decision_key",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(origin="reported") | ~Q(issued_by=F("drafted_by")), name="issue_needs_a_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | (Q(issued_at__isnull=False) & ~Q(document_number="") & Q(handling_item__isnull=False)),
                name="issued_decision_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")), name="validity_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "-decided_on", "-id"], name="decision_of_organ"),
            models.Index(fields=["party", "-decided_on"], name="decision_of_party"),
            models.Index(fields=["organ", "state"], condition=Q(state__in=["draft", "submitted", "unrouted"]), name="decision_open"),
            GinIndex(fields=["search_text"], name="decision_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.document_number or f"草稿 {self.pk}"


class Correction(models.Model):
    """A registration error set right, or a decision that should never have been entered: proposed by one, approved by another person.

    `changes` holds per field the old and the new text. The decision keeps its number and its place in every statistic.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField("种类", max_length=6, choices=CorrectionKind)
    state = models.CharField("状态", max_length=8, choices=CorrectionState, default=CorrectionState.PROPOSED)
    changes = models.JSONField(default=dict, help_text="field → [old, new]")
    substance = models.BooleanField("实质内容", default=False, help_text="a change of substance restarts the receivers' clocks (E-43)")
    reason = models.CharField("理由", max_length=500)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", help_text="who decided on it")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField("复核意见", max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["decision"], condition=Q(state="proposed"), name="one_open_correction"),
            models.CheckConstraint(
                condition=Q(state="proposed") | (Q(approved_by__isnull=False) & Q(decided_at__isnull=False)),
                name="decided_correction_has_a_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="correction_needs_a_second_person"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decision_id}"

    def change_words(self) -> list[tuple[str, str, str]]:
        """Field in Chinese, what stood there, what stands there now."""
        return [(field_words(name), old, new) for name, (old, new) in self.changes.items()]


class Fulfilment(models.Model):
    """A duty of the bureau that was done after the decision: the certificate delivered, the decision published.

    `done_on` is the day stated for the act, which is what counts; `recorded_at` is when the portal learned of it.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="fulfilments")
    kind = models.CharField("种类", max_length=24, choices=DutyKind)
    done_on = models.DateField("办理日期")
    how = models.CharField("方式", max_length=100, help_text="a value of DeliveryMeans, or where it was published")
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind"], name="duty_done_once"),
            models.CheckConstraint(condition=~Q(how=""), name="fulfilment_says_how"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decision_id}"

    @property
    def how_words(self) -> str:
        """The means of a delivery, or the place of a publication."""
        return str(DeliveryMeans(self.how).label) if self.kind == DutyKind.DELIVERY else self.how


def field_words(name: str) -> str:
    """What a field of a decision is called on the screen."""
    field: Any = Decision._meta.get_field(name)
    return str(field.verbose_name)
