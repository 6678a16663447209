"""What is still owed on a decision, by whom, and whom to call. Reading, and reminding the other organ."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Model, Q

from approvals.models import Decision
from approvals.queries import pushes_of
from approvals.snapshot import item_name
from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.errors import Missing, Refused
from foundation.common.hooks import WorkItem
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import OPEN, not_lapsed, type_of
from foundation.journal import actions as journal
from foundation.journal.models import Entry
from foundation.notices import actions as notices
from foundation.organizations import queries as organizations
from foundation.organizations.statuses import Role
from pushes.models import Push

REMIND = "clock.remind"


@dataclass(slots=True, kw_only=True)
class Owed:
    """One open clock: what it is about, who to call at the obliged organ, and whether this reader may act or remind."""

    clock: Deadline
    work: WorkItem
    call: str
    mine: bool
    may_remind: bool
    reminded: bool


def subjects_of(decision: Decision) -> list[tuple[type[Model], Sequence[int]]]:
    """Every record whose clocks belong to the decision's life: itself, its pushes, and what other rooms hang on it."""
    found: list[tuple[type[Model], Sequence[int]]] = [(Decision, [decision.pk]), (Push, [push.pk for push in pushes_of(decision)])]
    for source in hooks.related_of.of(Decision._meta.label_lower):
        found.extend(source(subject=decision))
    return found


def open_clocks(decision: Decision, *, at: datetime) -> list[Deadline]:
    """The clocks that still owe something at the moment `at`, nearest first; a lapse that took effect owes nothing more."""
    wanted = Q(pk=None)
    for model, ids in subjects_of(decision):
        wanted |= Q(subject_type=type_of(model), subject_id__in=list(ids))
    rows = Deadline.objects.filter(wanted, not_lapsed(at), state__in=OPEN)
    return list(rows.select_related("term__rulebook", "organ").order_by("due_at", "id"))


def owed_on(decision: Decision, *, actor: Actor, at: datetime) -> list[Owed]:
    """The rows of 现在还欠什么, in a fixed number of queries."""
    clocks = open_clocks(decision, at=at)
    work = _work(clocks, actor)
    calls = _calls([one.organ_id for one in clocks], at=at)
    reminded = _reminded([one.pk for one in clocks], at=at)
    own = actor.may("view_matter", decision.organ_id)
    return [
        Owed(
            clock=one,
            work=work.get(one.pk) or WorkItem(thing=one.term.name, act="查看", url=""),
            call=calls.get(one.organ_id, ""),
            mine=actor.may("view_matter", one.organ_id),
            may_remind=own and not actor.may("view_matter", one.organ_id),
            reminded=one.pk in reminded,
        )
        for one in clocks
    ]


def _work(clocks: Sequence[Deadline], actor: Actor) -> dict[int, WorkItem]:
    by_type: dict[int, list[Deadline]] = defaultdict(list)
    for one in clocks:
        by_type[one.subject_type_id].append(one)
    found: dict[int, WorkItem] = {}
    for ones in by_type.values():
        model = ones[0].subject_type.model_class()
        for presenter in hooks.present.of(model._meta.label_lower if model else ""):
            items = presenter(wanted=[(one.subject_id, one.term.key) for one in ones], actor=actor)
            found |= {one.pk: items[one.subject_id, one.term.key] for one in ones if (one.subject_id, one.term.key) in items}
    return found


def _calls(organ_ids: Sequence[int], *, at: datetime) -> dict[int, str]:
    """For each organ the first officer on duty with an office telephone."""
    found: dict[int, str] = {}
    for entry in organizations.active_liaisons(organ_ids=organ_ids, on=clock.civil_day(at)):
        phone = entry.user.office_phone or entry.user.phone
        found.setdefault(entry.organ_id, f"{entry.user.full_name} {phone}".strip())
    return found


def _reminded(clock_ids: Sequence[int], *, at: datetime) -> set[int]:
    today = clock.start_of(clock.civil_day(at))
    rows = Entry.objects.filter(
        subject_type=Deadline._meta.label_lower, subject_id__in=list(clock_ids), verb=REMIND, effective_at__gte=today
    )
    return set(rows.values_list("subject_id", flat=True))


def remind(*, actor: Actor, decision_id: int, clock_id: int) -> Deadline:
    """Remind the organ that owes a clock of this decision; once a day is enough. Returns the clock.

    Raises Missing for a decision that is not of the actor's organ or a clock that is not one of its open ones, Refused for a second
    reminder on one day.
    """
    at = clock.now()
    with transaction.atomic():
        decision = (
            Decision.objects.select_for_update(no_key=True, of=("self",))
            .select_related("organ", "handling_item__item")
            .filter(pk=decision_id, organ_id__in=actor.organs("record_decision"))
            .first()
        )
        row = next((one for one in open_clocks(decision, at=at) if one.pk == clock_id), None) if decision else None
        if decision is None or row is None:
            raise Missing
        if _reminded([row.pk], at=at):
            raise Refused("今天已经提醒过对方，一天提醒一次；急事请打电话。", code="reminded_already")
        _tell(decision, row, at=at)
        journal.write(verb=REMIND, actor=actor, subject=row, at=at, after={"decision": decision.pk, "organ": row.organ_id})
    return row


def _tell(decision: Decision, row: Deadline, *, at: datetime) -> None:
    on = clock.civil_day(at)
    users = organizations.liaison_users(organ_ids=[row.organ_id], on=on) or organizations.people(
        organ_ids=[row.organ_id], roles=(Role.WINDOW_CLERK, Role.SECTION_HEAD), on=on
    )
    if not users:
        raise Refused(f"{row.organ.short_name}没有在任的联络员，系统无法提醒，请直接打电话。")
    subject = row.subject_type.get_object_for_this_type(pk=row.subject_id)
    notices.send(
        kind="reminder",
        users=users,
        subject=subject,
        params={
            "title": item_name(decision),
            "document_number": decision.document_number,
            "term": row.term.name,
            "last_day": row.last_day.isoformat(),
            "article": row.term.article,
        },
        county_id=row.county_id,
        organ_id=row.organ_id,
        at=at,
    )
