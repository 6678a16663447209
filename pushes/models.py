"""The corridor: a parcel one organ owes another. It knows no payload; what was told stands in an immutable snapshot."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from foundation.deadlines.models import Rulebook
from foundation.organizations.models import County, Organ, User
from pushes.statuses import PushKind, PushState, ReturnAnswer, ReturnReason


class Push(models.Model):
    """One parcel to one receiving organ. The words for lists (`title`, `party_name`, `document_number`) follow the snapshot.

    `party_name` is the name as lists show it, a natural person's masked; the full one stands in the snapshot only.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=12, choices=PushKind)
    sender = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="sent_pushes")
    receiver = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="received_pushes")
    payload_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    payload_id = models.BigIntegerField()
    payload = GenericForeignKey("payload_type", "payload_id")
    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("事项", max_length=200)
    matter = models.CharField("监管事项", max_length=200, blank=True)
    mode = models.CharField("监管方式", max_length=2, blank=True)
    party_name = models.CharField("行政相对人", max_length=200)
    document_number = models.CharField("文号", max_length=80, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    snapshot_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=PushState, default=PushState.WAITING)
    pushed_at = models.DateTimeField()
    pushed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    first_read_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True, help_text="legal moment: of the click, or 24:00 of the last day")
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, help_text="when the claim was written down")
    liaison = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    returns = models.PositiveSmallIntegerField(default=0)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="following")

    class Meta:
        ordering = ["-pushed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["payload_type", "payload_id", "receiver", "kind"],
                condition=Q(state__in=["waiting", "claimed", "auto_claimed", "returned", "parked"]),
                name="one_live_push_per_receiver",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "auto_claimed"]) | Q(claimed_at__isnull=False), name="claimed_push_has_moment"
            ),
            models.CheckConstraint(condition=~Q(state="claimed") | Q(claimed_by__isnull=False), name="claim_has_a_person"),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="push_leaves_its_organ"),
        ]
        indexes = [
            models.Index(fields=["receiver", "state", "-pushed_at"], name="push_inbox"),
            models.Index(fields=["sender", "-pushed_at"], name="push_outbox"),
            models.Index(fields=["payload_type", "payload_id"], name="push_payload"),
            models.Index(fields=["receiver"], condition=Q(state="waiting"), name="push_waiting"),
            models.Index(fields=["sender"], condition=Q(state__in=["returned", "parked"]), name="push_returned"),
        ]


class PushVersion(models.Model):
    """What was told: the canonical snapshot of one version, with its hash. Never changed."""

    push = models.ForeignKey(Push, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    told_at = models.DateTimeField()
    cause = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["push", "number"], name="push_version_once")]


class PushReturn(models.Model):
    """A return as misrouted (E-05): reason, suggested organ, and the sender's answer on its own clock."""

    push = models.ForeignKey(Push, on_delete=models.PROTECT, related_name="push_returns")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16, choices=ReturnReason)
    explanation = models.CharField("说明", max_length=500)
    suggested = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=12, choices=ReturnAnswer, default=ReturnAnswer.PENDING)
    answer_reason = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    new_push = models.ForeignKey(Push, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["push", "number"], name="push_return_once"),
            models.UniqueConstraint(fields=["push"], condition=Q(answer="pending"), name="one_open_return"),
        ]
