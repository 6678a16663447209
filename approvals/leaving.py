"""Drafts of a leaver need another drafter. What was submitted is not open work of the drafter any more: it waits for the issuer."""

from collections.abc import Iterable

from django.db.models import QuerySet

from approvals.models import Decision
from approvals.snapshot import item_name
from approvals.statuses import DecisionState
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.hooks import OpenWork
from foundation.journal import actions as journal


def _drafts(user_id: int, organ_id: int) -> QuerySet[Decision]:
    return Decision.objects.filter(organ_id=organ_id, drafted_by_id=user_id, state=DecisionState.DRAFT).order_by("pk")


def open_work(*, user_id: int, organ_id: int) -> Iterable[OpenWork]:
    """The drafts a person has in an organ."""
    for decision in _drafts(user_id, organ_id).select_related("handling_item__item"):
        yield OpenWork(kind="决定草稿", subject_id=decision.pk, title=f"{item_name(decision)} {decision.document_number}".strip())


def hand_over(*, user_id: int, organ_id: int, to_user_id: int, actor: Actor) -> int:
    """Give a leaver's drafts another drafter, who then cannot issue them (four eyes, PL-03a); returns how many."""
    at = clock.now()
    drafts = list(_drafts(user_id, organ_id).select_for_update(no_key=True))
    Decision.objects.filter(pk__in=[draft.pk for draft in drafts]).update(drafted_by_id=to_user_id)
    before, after = {"drafted_by": user_id}, {"drafted_by": to_user_id}
    journal.write_many(
        journal.entry(verb="decision.hand_over", actor=actor, subject=draft, at=at, before=before, after=after) for draft in drafts
    )
    return len(drafts)
