"""The machine stands still over the moment, then comes back: the same story leaves the same rows, whoever carried the lapses out, and when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from approvals.models import Decision
from foundation.common import clock
from foundation.deadlines import settling
from foundation.deadlines.models import Adjustment, Deadline
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from pushes import returns
from pushes.actions import claim
from pushes.models import Push
from supervision.models import Task
from tests.factories import AT, moment
from tests.whole.corridor import Corridor

BACK = moment("2026-10-28 09:30")
"""The machine comes back on a Wednesday, a week after the last lapse of the story."""
WHEN_RECORDED = {"id", "recorded_at", "created_at", "xid"}


def told(place: Corridor, sweep: Callable[[], object]) -> None:
    """Three decisions to two departments: one push claimed in time, one returned and maintained, the rest left to the clock."""
    first = place.issue(1, at=AT)
    sweep()
    with clock.frozen(moment("2026-10-13 15:00")):
        claim(actor=place.liaison(0).actor, push_ids=[place.push(first, 0).pk])
    second = place.issue(2, at=moment("2026-10-14 23:59"))
    with clock.frozen(moment("2026-10-15 10:00")):
        returned = place.push(second, 1)
        returns.give_back(
            actor=place.liaison(1).actor, push_id=returned.pk, reason="not_our_duty", explanation="餐饮单位不属于本单位监管。"
        )
    with clock.frozen(moment("2026-10-16 16:00")):
        returns.answer_return(actor=place.head.actor, push_id=returned.pk, answer="confirmed", reason="按职责分工仍由你单位监管。")
    place.issue(3, at=moment("2026-10-17 12:00"))
    for day in range(20, 28):
        with clock.frozen(moment(f"2026-10-{day} 00:00") + timedelta(seconds=30)):
            sweep()


def by_sweeps_in_time(place: Corridor) -> None:
    told(place, lambda: settling.sweep())


def by_one_sweep_afterwards(place: Corridor) -> None:
    told(place, lambda: None)
    with clock.frozen(BACK):
        settling.sweep()


def by_small_batches_afterwards(place: Corridor) -> None:
    told(place, lambda: None)
    with clock.frozen(BACK):
        settling.sweep(batch=1)


def by_acts_afterwards(place: Corridor) -> None:
    """Nobody sweeps; each push is settled because somebody tries to claim it, last one first."""
    told(place, lambda: None)
    with clock.frozen(BACK):
        for push in Push.objects.order_by("-pk"):
            department = place.world.departments.index(push.receiver)
            assert claim(actor=place.liaison(department).actor, push_ids=[push.pk]).claimed == []


def rows() -> dict[str, list[str]]:
    """Every row the story left, without ids and without when it was written down; ids of matters as what they stand for."""
    names: dict[tuple[str, int], str] = {}
    for decision in Decision.objects.all():
        names["approvals.decision", decision.pk] = decision.document_number
    for push in Push.objects.select_related("receiver"):
        names["pushes.push", push.pk] = f"{push.document_number} → {push.receiver.short_name}"
    for task in Task.objects.all():
        names["supervision.task", task.pk] = f"task of {names['pushes.push', task.push_id]}"
    clocks = {row.pk: f"{row.term.key} {_name(names, row)}" for row in Deadline.objects.select_related("term", "subject_type")}
    return {
        "pushes": _lines(Push, lambda row: names["pushes.push", row.pk], without={"payload_id"}),
        "tasks": _lines(Task, lambda row: names["supervision.task", row.pk], without={"push_id"}),
        "clocks": _lines(Deadline, lambda row: clocks[row.pk], without={"subject_id"}),
        "ledger": _lines(Adjustment, lambda row: clocks[row.deadline_id], without={"deadline_id"}),
        "notices": _lines(Notice, lambda row: _name(names, row), without={"subject_id"}),
        "journal": _lines(Entry, lambda row: names.get((row.subject_type, row.subject_id), row.subject_type), without={"subject_id"}),
    }


def _name(names: dict[tuple[str, int], str], row: Any) -> str:
    kind = row.subject_type
    return names.get((f"{kind.app_label}.{kind.model}", row.subject_id), "") if kind else ""


def _lines(model: type[Model], name: Callable[[Any], str], *, without: set[str]) -> list[str]:
    fields = [one.attname for one in model._meta.concrete_fields if one.attname not in WHEN_RECORDED | without]
    return sorted(f"{name(row)}: { ({field: str(getattr(row, field)) for field in fields}) }" for row in model._default_manager.all())


def after(place: Corridor, tell: Callable[[Corridor], None]) -> dict[str, list[str]]:
    """The rows after a telling, which is then taken back."""
    with transaction.atomic():
        tell(place)
        found = rows()
        transaction.set_rollback(True)
    return found


@pytest.mark.provision("SC-26c")
@pytest.mark.parametrize("late", [by_one_sweep_afterwards, by_small_batches_afterwards, by_acts_afterwards])
def test_a_standstill_leaves_the_same_rows(shicheng: Corridor, late: Callable[[Corridor], None]) -> None:
    in_time, afterwards = after(shicheng, by_sweeps_in_time), after(shicheng, late)
    assert sum("auto_claimed" in line for line in in_time["pushes"]) == 5
    for part, lines in in_time.items():
        assert afterwards[part] == lines, part
