"""Reading and locking pushes. A list shows what follows from the clocks at a moment, whether or not the sweep has been round."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Case, CharField, DateTimeField, F, OuterRef, QuerySet, Subquery, Value, When

from foundation.common.actors import Actor
from foundation.common.errors import Missing
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import lapsed, type_of
from foundation.deadlines.statuses import ClockState, Effect
from pushes.models import Push
from pushes.statuses import CLAIM_TERMS, PushState

CLAIM_KEYS = tuple(dict.fromkeys(CLAIM_TERMS.values()))

_Rows = TypeVar("_Rows", bound=QuerySet[Any])


def visible_for(actor: Actor) -> QuerySet[Push]:
    """What the actor's organs sent and received. A UNION of ids, never an OR, so that it stays fast at any size."""
    organs = actor.organs("view_matter")
    received = Push.objects.filter(receiver_id__in=organs).values("pk")
    sent = Push.objects.filter(sender_id__in=organs).values("pk")
    return Push.objects.filter(pk__in=received.union(sent))


def received_by(organ_ids: Sequence[int]) -> QuerySet[Push]:
    """The pushes these organs received, newest first."""
    return Push.objects.filter(receiver_id__in=organ_ids)


def sent_by(organ_ids: Sequence[int]) -> QuerySet[Push]:
    """The pushes these organs sent, newest first."""
    return Push.objects.filter(sender_id__in=organ_ids)


def with_effective_state(rows: QuerySet[Push], at: datetime) -> QuerySet[Push]:
    """Adds `effective_state` and `effective_claimed_at`: a waiting push whose claim clock has lapsed by `at` is claimed by the clock."""
    has_lapsed = lapsed(Push, effect=Effect.AUTO_CLAIM, at=at)
    due = Deadline.objects.filter(
        subject_type=type_of(Push), subject_id=OuterRef("pk"), state=ClockState.RUNNING, term__effect=Effect.AUTO_CLAIM
    ).values("due_at")[:1]
    return rows.annotate(
        effective_state=Case(
            When(state=PushState.WAITING, then=Case(When(has_lapsed, then=Value(PushState.AUTO_CLAIMED.value)), default=F("state"))),
            default=F("state"),
            output_field=CharField(),
        ),
        effective_claimed_at=Case(
            When(state=PushState.WAITING, then=Case(When(has_lapsed, then=Subquery(due)))),
            default=F("claimed_at"),
            output_field=DateTimeField(),
        ),
    )


def lock_pushes(*, actor: Actor, push_ids: Sequence[int], permission: str, side: str) -> list[Push]:
    """Lock pushes in the order of their ids, if the actor holds `permission` on their `side` (receiver or sender).

    Raises Missing where one does not exist or belongs to organs the actor may not act for. Plain columns only are locked (no key), so
    that inserts which refer to the row go on.
    """
    wanted = sorted(set(push_ids))
    rows = list(
        Push.objects.select_for_update(no_key=True)
        .filter(pk__in=wanted, county_id=actor.county_id, **{f"{side}_id__in": actor.organs(permission)})
        .order_by("pk")
    )
    if len(rows) != len(wanted):
        raise Missing
    return rows


def lock_push(*, actor: Actor, push_id: int, permission: str, side: str) -> Push:
    """Lock one push; see `lock_pushes`."""
    return lock_pushes(actor=actor, push_ids=[push_id], permission=permission, side=side)[0]
