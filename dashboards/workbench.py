"""The workbench: what an organ owes, nearest moment first, and the one act that discharges each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.hooks import WorkItem
from foundation.deadlines.dating import date_term
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import calendar_for_county, not_lapsed, term_of, type_of
from foundation.deadlines.statuses import ClockState, Effect
from pushes.models import Push
from pushes.statuses import PushState
from supervision.models import Task
from supervision.opening import FIRST_ACTION
from supervision.queries import OPEN_STATES

GROUPS = ("over", "today", "soon", "ok", "grey")
"""Overdue, due today, 1–2 working days, 3 and more, and what is advisory or provisional."""
SOON_WORKDAYS = 2
OWING = (PushState.WAITING, PushState.RETURNED, PushState.PARKED)
"""States in which somebody still owes something on a push. Named in the queries, so that no list reads the closed ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The moments that divide the colours, for one county at one instant."""

    at: datetime
    tonight: datetime
    soon: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a workbench."""

    clock: Deadline
    item: WorkItem
    group: str


def bounds(*, county_id: int, at: datetime) -> Bounds:
    """24:00 of today, and 24:00 of the second working day after today on the county's calendar."""
    today = clock.civil_day(at)
    second = calendar_for_county(county_id).add(today, SOON_WORKDAYS).last_day
    return Bounds(at=at, tonight=clock.end_of(today), soon=clock.end_of(second))


def _group(edges: Bounds) -> Case:
    return Case(
        When(Q(term__advisory=True) | Q(provisional=True), then=Value(4)),
        When(due_at__lte=edges.at, then=Value(0)),
        When(due_at__lte=edges.tonight, then=Value(1)),
        When(due_at__lte=edges.soon, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def owed_by(actor: Actor, *, at: datetime) -> QuerySet[Deadline]:
    """The running clocks of the organ the person acts for."""
    return Deadline.objects.filter(not_lapsed(at), organ_id=actor.office, state=ClockState.RUNNING)


def owed_by_me(actor: Actor, *, at: datetime) -> QuerySet[Deadline]:
    """Those of them that are in the person's own hands: tasks assigned to, and pushes named for, this person."""
    tasks = Task.objects.filter(organ_id=actor.office, assignee_id=actor.person, state__in=OPEN_STATES).order_by().values("pk")
    pushes = Push.objects.filter(receiver_id=actor.office, liaison_id=actor.person, state__in=OWING).order_by().values("pk")
    mine = Q(subject_type=type_of(Task), subject_id__in=tasks) | Q(subject_type=type_of(Push), subject_id__in=pushes)
    return owed_by(actor, at=at).filter(mine)


def owed_to(actor: Actor, *, at: datetime) -> QuerySet[Deadline]:
    """What other organs still owe on pushes that this organ sent."""
    sent = Push.objects.filter(sender_id=actor.office, state__in=OWING).order_by().values("pk")
    return (
        Deadline.objects.filter(not_lapsed(at), county_id=actor.county_id, state=ClockState.RUNNING)
        .filter(subject_type=type_of(Push), subject_id__in=sent)
        .exclude(organ_id=actor.office)
    )


SCOPES = {"organ": owed_by, "mine": owed_by_me, "others": owed_to}


def counted(clocks: QuerySet[Deadline], *, edges: Bounds) -> dict[str, int]:
    """How many clocks stand in each group, in one query."""
    found = dict(clocks.annotate(rank=_group(edges)).values_list("rank").annotate(n=Count("id")).order_by())
    return {name: found.get(rank, 0) for rank, name in enumerate(GROUPS)}


def page_of(
    clocks: QuerySet[Deadline], *, edges: Bounds, actor: Actor, group: str = "", keys: Sequence[str] = (), offset: int = 0, size: int = 50
) -> list[Row]:
    """One page of a workbench, nearest moment first within each group."""
    ranked = clocks.annotate(rank=_group(edges))
    if group in GROUPS:
        ranked = ranked.filter(rank=GROUPS.index(group))
    if keys:
        ranked = ranked.filter(term__key__in=keys)
    page = list(ranked.select_related("term__rulebook", "organ").order_by("rank", "due_at", "id")[offset : offset + size])
    return rows_of(page, actor=actor, edges=edges)


def rows_of(clocks: Sequence[Deadline], *, actor: Actor, edges: Bounds) -> list[Row]:
    """The lines of these clocks: one query per kind of subject, however many clocks."""
    items = work_items(clocks, actor=actor)
    return [Row(clock=one, item=items[one.pk], group=_name(one, edges)) for one in clocks if one.pk in items]


def work_items(clocks: Sequence[Deadline], *, actor: Actor) -> dict[int, WorkItem]:
    """How each clock's subject is shown, by clock id, asked of the room that the subject lives in."""
    by_type: dict[int, list[Deadline]] = {}
    for one in clocks:
        by_type.setdefault(one.subject_type_id, []).append(one)
    found: dict[int, WorkItem] = {}
    for type_id, ones in by_type.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        for presenter in hooks.present.of(model._meta.label_lower if model else ""):
            items = presenter(wanted=[(one.subject_id, one.term.key) for one in ones], actor=actor)
            found |= {one.pk: items[(one.subject_id, one.term.key)] for one in ones if (one.subject_id, one.term.key) in items}
    return found


def _name(one: Deadline, edges: Bounds) -> str:
    if one.term.advisory or one.provisional:
        return "grey"
    if one.due_at <= edges.at:
        return "over"
    if one.due_at <= edges.tonight:
        return "today"
    return "soon" if one.due_at <= edges.soon else "ok"


def lapsing_tonight(actor: Actor, *, edges: Bounds) -> int:
    """How many claims of the organ the clock will make at 24:00 today."""
    return owed_by(actor, at=edges.at).filter(due_at=edges.tonight, term__effect__in=hooks.on_expired.names(), provisional=False).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What a lapsed claim has brought about although no sweep has written it down yet: a task, with the clock it will have."""

    push: Push
    claimed_at: datetime
    clock: Deadline | None


def following(actor: Actor, *, at: datetime) -> list[Following]:
    """Tasks that follow from claims the clock has made by `at` but nobody has written down: no page shows a stale state."""
    lapsed = list(
        Deadline.objects.filter(
            organ_id=actor.office,
            state=ClockState.RUNNING,
            provisional=False,
            due_at__lte=at,
            term__effect=Effect.AUTO_CLAIM,
            subject_type=type_of(Push),
        )
        .select_related("term__rulebook")
        .order_by("due_at", "id")[:200]
    )
    pushes = Push.objects.in_bulk([one.subject_id for one in lapsed])
    return [
        Following(push=pushes[one.subject_id], claimed_at=one.due_at, clock=_first_action(one))
        for one in lapsed
        if one.subject_id in pushes
    ]


def _first_action(claimed: Deadline) -> Deadline | None:
    """The clock of the task that opens with the automatic claim, counted but not stored."""
    term = term_of(rulebook=claimed.term.rulebook, key=FIRST_ACTION)
    if term is None or term.event != "push.claimed_at":
        return None
    calendar = calendar_for_county(claimed.county_id)
    dated = date_term(term=term, started_at=claimed.due_at, calendar=calendar, by_effect=True)
    return Deadline(
        county_id=claimed.county_id,
        term=term,
        organ_id=claimed.organ_id,
        started_at=claimed.due_at,
        day_zero=dated.day_zero,
        last_day=dated.last_day,
        due_at=dated.due_at,
        provisional=dated.provisional,
    )
