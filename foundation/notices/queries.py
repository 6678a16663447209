"""Reading notices and the pen of what could not be delivered."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from foundation.common.actors import Actor
from foundation.notices.models import Delivery, Notice, Preference
from foundation.notices.statuses import DeliveryState
from foundation.organizations.models import User


def unread_count(user: User | AnonymousUser | int) -> int:
    """How many notices a person (or the person with this id) has not read; 0 for nobody. One look at a partial index."""
    user_id = user if isinstance(user, int) else user.pk
    return Notice.objects.filter(user_id=user_id, read_at=None).count() if user_id else 0


def of_user(*, user_id: int, unread: bool = False, before: int | None = None) -> QuerySet[Notice]:
    """A person's notices, newest first; `before` is the id the page before ended with."""
    rows = Notice.objects.filter(user_id=user_id).select_related("organ", "subject_type").order_by("-id")
    if unread:
        rows = rows.filter(read_at=None)
    return rows.filter(pk__lt=before) if before else rows


def preferences_of(user_id: int) -> dict[str, Preference]:
    """Channel → what the person chose."""
    return {row.channel: row for row in Preference.objects.filter(user_id=user_id)}


def pen_for(actor: Actor) -> QuerySet[Delivery]:
    """What could not be delivered in the actor's county, newest first; nothing for those who keep no accounts there."""
    rows = Delivery.objects.filter(state=DeliveryState.FAILED, notice__county_id=actor.county_id)
    rows = rows.select_related("notice__user", "notice__organ", "notice__subject_type").order_by("-id")
    return rows if actor.organs("manage_accounts") else rows.none()
