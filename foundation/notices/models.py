"""In-portal messages, written in the transaction that causes them, and their delivery through other channels."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from foundation.notices.statuses import Channel, DeliveryState, Digest
from foundation.organizations.models import County, Organ, User


class Notice(models.Model):
    """One message to one person. Its words come from `kind` and `params` (foundation.notices.words); no personal data stands in it."""

    county = models.ForeignKey(County, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, related_name="+")
    subject_id = models.BigIntegerField(null=True)
    effective_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]


class Preference(models.Model):
    """What a person wants sent outside the portal, per channel: at once, in a daily digest, or not at all."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_preferences")
    channel = models.CharField(max_length=10, choices=Channel)
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.AT_ONCE)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="one_preference_per_channel")]


class Delivery(models.Model):
    """One notice on its way through one channel: waiting, sent, or given up and lying in the visible pen."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    batched = models.BooleanField(default=False, help_text="goes out with the person's daily digest")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="delivery_failed"),
        ]
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_per_channel")]
