"""Reading and locking decisions."""

from collections.abc import Sequence

from django.db.models import QuerySet

from approvals.models import Decision
from approvals.statuses import DecisionState
from foundation.common.actors import Actor
from foundation.common.errors import Missing
from foundation.deadlines.queries import type_of
from pushes.models import Push


def visible_for(actor: Actor) -> QuerySet[Decision]:
    """Decisions of the actor's organs, and those that were pushed to them. A UNION of ids, never an OR."""
    organs = actor.organs("view_matter")
    own = Decision.objects.filter(organ_id__in=organs).values("pk")
    pushed = Push.objects.filter(receiver_id__in=organs, payload_type=type_of(Decision)).values("payload_id")
    return Decision.objects.filter(pk__in=own.union(pushed))


def pushes_of(decision: Decision) -> QuerySet[Push]:
    """The pushes of a decision, oldest first."""
    return (
        Push.objects.filter(payload_type=type_of(Decision), payload_id=decision.pk)
        .select_related("receiver", "claimed_by", "liaison")
        .order_by("pushed_at", "id")
    )


def lock_decision(*, actor: Actor, decision_id: int, permission: str) -> Decision:
    """Lock a decision of an organ on which the actor holds `permission`; raises Missing otherwise."""
    for row in lock_decisions(actor=actor, decision_ids=[decision_id], permission=permission):
        return row
    raise Missing


def lock_decisions(*, actor: Actor, decision_ids: Sequence[int], permission: str) -> list[Decision]:
    """Lock, in order of their ids, those of the decisions that are of an organ on which the actor holds `permission`."""
    return list(
        Decision.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organ", "rulebook", "party", "handling_item__item")
        .filter(pk__in=decision_ids, county_id=actor.county_id, organ_id__in=actor.organs(permission))
        .order_by("pk")
    )


def same_key(decision: Decision) -> Decision | None:
    """The recorded decision with the same key, where there is one (DESIGN 6: county, organ, number, handling item, certificate)."""
    return (
        Decision.objects.filter(
            county_id=decision.county_id,
            organ_id=decision.organ_id,
            document_number=decision.document_number,
            handling_item_id=decision.handling_item_id,
            certificate_number=decision.certificate_number,
            state__in=(DecisionState.ISSUED, DecisionState.UNROUTED),
        )
        .exclude(pk=decision.pk)
        .first()
    )


def routing_pen(organ_ids: Sequence[int]) -> QuerySet[Decision]:
    """Decisions of these organs that nobody could route yet, oldest first."""
    return (
        Decision.objects.filter(organ_id__in=organ_ids, state=DecisionState.UNROUTED)
        .select_related("party", "handling_item__item", "organ")
        .order_by("issued_at", "id")
    )
