"""The journal: one row per act, append-only, sealed afterwards in blocks (one chain per county)."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class TransactionId(models.Field):
    """PostgreSQL's 64-bit transaction id. Ids of rows are not commit order; this is what the sealer orders by."""

    def db_type(self, connection: object) -> str:
        """The column type."""
        return "xid8"


class Entry(models.Model):
    """One act: who (a person for an organ, or a rule with its version and article) did what to which subject, when and why.

    Personal values never stand here in the clear: `before` and `after` hold keyed digests of them, so erasing a person's data leaves
    a journal that still verifies. The room imports no other, so organs, counties and people are plain ids; nothing may delete a row
    that a journal speaks of.
    """

    county_id = models.BigIntegerField()
    verb = models.CharField(max_length=60, help_text="dotted: push.claim")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    organ_id = models.BigIntegerField(null=True)
    client = models.CharField(max_length=20)
    rule = models.CharField(max_length=60, blank=True, help_text="rulebook and version of an automatic act")
    article = models.CharField(max_length=60, blank=True)
    subject_type = models.CharField(max_length=60, help_text="model label: pushes.push")
    subject_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    era = models.SmallIntegerField(db_default=1, help_text="raised after a restore into another cluster, where transaction ids begin lower")
    xid = TransactionId(db_default=models.Func(function="pg_current_xact_id"))

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="journal_subject"),
            models.Index(fields=["county_id", "era", "xid", "id"], name="journal_order"),
            BrinIndex(fields=["recorded_at"], name="journal_days"),
        ]


class Seal(models.Model):
    """A sealed block of a county's journal. `hash` covers the root, the count, the borders and the seal before it."""

    county_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    era = models.SmallIntegerField(default=1)
    first_xid = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_xid = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    leaves = models.BinaryField(default=b"", help_text="per row 8 bytes of id and 32 bytes of digest, so that a broken row can be named")
    previous = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=10, default="sha256")
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county_id", "number"], name="journal_one_seal_per_number")]
