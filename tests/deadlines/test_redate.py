"""A notice on holidays is imported while clocks run: open clocks move, ended ones stay, and every move leaves its line."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.common.actors import Actor
from foundation.deadlines import redating
from foundation.deadlines.actions import cancel, hold, meet, release
from foundation.deadlines.models import Adjustment, Alarm, Deadline
from foundation.deadlines.notifying import clear_alarms, provisional_alarm
from foundation.deadlines.redating import preview_moves, redate_for_calendar
from foundation.deadlines.statuses import ClockState
from foundation.notices.models import Notice
from foundation.organizations.models import Organ
from foundation.organizations.statuses import Role
from foundation.workdays.actions import import_year, proposed
from foundation.workdays.models import CalendarDay, CalendarYear
from foundation.workdays.queries import calendar_of
from foundation.workdays.reading import Row
from foundation.workdays.statuses import DayKind

from .conftest import NOON, World, make_person, moment

NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


def special(day: str, kind: DayKind, name: str, year: int = 2026) -> None:
    """The calendar says something else about a day, without the hook: the tests call it themselves."""
    layer = CalendarYear.objects.get(layer="", year=year)
    CalendarDay.objects.filter(calendar_year=layer, day=day).delete()
    CalendarDay.objects.create(calendar_year=layer, day=date.fromisoformat(day), kind=kind, name=name)


def publish_2027(*days: tuple[str, DayKind, str]) -> None:
    layer = CalendarYear.objects.create(layer="", year=2027, notice=NOTICE, imported_at=NOON)
    for day, kind, name in days:
        CalendarDay.objects.create(calendar_year=layer, day=date.fromisoformat(day), kind=kind, name=name)


def redate(at: str) -> int:
    return redate_for_calendar(regions=["", "NX"], at=moment(at), notice=NOTICE)


def ledger(row: Deadline) -> list[tuple[str, str, str]]:
    return [
        (str(line.old_due_at and line.old_due_at.isoformat()), str(line.new_due_at and line.new_due_at.isoformat()), line.cause)
        for line in Adjustment.objects.filter(deadline=row, kind="calendar")
    ]


def last_day(row: Deadline) -> str:
    row.refresh_from_db()
    return row.last_day.isoformat()


def actor(world: World) -> Actor:
    return Actor(county_id=world.county.pk, client="web", user_id=world.user.pk)


def test_a_new_holiday_moves_the_end_and_the_reminder_and_leaves_its_line(world: World) -> None:
    row = world.clock("claim", "2026-10-09T09:00")
    assert row.last_day == date(2026, 10, 15)
    assert row.next_rung_at == moment("2026-10-14T09:00")
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    assert redate("2026-10-10T10:30") == 1
    assert last_day(row) == "2026-10-16"
    assert row.due_at == moment("2026-10-17T00:00")
    assert row.next_rung_at == moment("2026-10-15T09:00")
    assert ledger(row) == [("2026-10-15T16:00:00+00:00", "2026-10-16T16:00:00+00:00", NOTICE)]
    [notice] = Notice.objects.filter(kind="clock_redated")
    assert (notice.user, notice.params) == (world.user, {"count": 1, "reason": NOTICE})


def test_again_changes_nothing(world: World) -> None:
    row = world.clock("claim", "2026-10-09T09:00")
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    redate("2026-10-10T10:30")
    assert redate("2026-10-10T10:31") == 0
    assert len(ledger(row)) == 1


def test_a_reminder_moves_even_where_the_end_stays(world: World) -> None:
    row = world.clock("claim", "2026-10-09T09:00")
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    special("2026-10-11", DayKind.MAKE_UP, "停电日")
    assert redate("2026-10-10T10:30") == 0
    assert last_day(row) == "2026-10-15"
    assert row.next_rung_at == moment("2026-10-13T09:00")
    assert ledger(row) == []


def test_a_reminder_already_due_is_left_to_the_reminders(world: World) -> None:
    row = world.clock("claim", "2026-10-09T09:00")
    special("2026-10-16", DayKind.HOLIDAY, "停电日")
    redate("2026-10-14T09:00:01")
    row.refresh_from_db()
    assert row.next_rung_at == moment("2026-10-14T09:00")


def test_ended_clocks_stay_as_they_are(world: World) -> None:
    met, cancelled = world.clock("claim", "2026-10-09T09:00"), world.clock("claim", "2026-10-09T09:00")
    meet(subject_model=Organ, subject_ids=[met.subject_id], keys=["claim"], at=NOON)
    cancel(subject_model=Organ, subject_ids=[cancelled.subject_id], cause="撤回", at=NOON, actor=actor(world))
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    assert redate("2026-10-10T10:30") == 0
    assert (last_day(met), last_day(cancelled)) == ("2026-10-15", "2026-10-15")


def test_an_end_still_ahead_is_not_pushed_on_when_the_count_is_past(world: World) -> None:
    row = world.clock("claim", "2026-10-08T09:00")
    assert row.last_day == date(2026, 10, 14)
    special("2026-10-11", DayKind.MAKE_UP, "补班")
    assert redate("2026-10-14T09:00") == 0  # 13 October would be past, but the clock had until the 14th, which is still ahead
    assert last_day(row) == "2026-10-14"
    assert ledger(row) == []


def test_an_end_that_would_be_past_becomes_the_next_working_day(world: World) -> None:
    row = world.clock("certificate_delivery", "2026-10-09T09:00")
    assert row.last_day == date(2026, 10, 22)
    for day in ("2026-10-11", "2026-10-17", "2026-10-18"):
        special(day, DayKind.MAKE_UP, "补班")
    assert redate("2026-10-20T15:00") == 1
    assert last_day(row) == "2026-10-21"
    assert ledger(row)[0][2] == f"{NOTICE}；重算的末日已经过去，改为次一工作日 24:00"
    assert redate("2026-10-20T15:01") == 0


def test_a_final_clock_that_ran_out_stays_run_out(world: World) -> None:
    row = world.clock("change_proposal", "2026-09-29T09:00")
    assert row.last_day == date(2026, 10, 8)
    special("2026-10-05", DayKind.MAKE_UP, "补班")
    assert redate("2026-10-10T10:30") == 0
    assert last_day(row) == "2026-10-08"


def test_a_final_clock_that_gains_days_gets_them(world: World) -> None:
    row = world.clock("change_proposal", "2026-09-29T09:00")
    special("2026-10-08", DayKind.HOLIDAY, "停电日")
    assert redate("2026-10-10T10:30") == 1
    assert last_day(row) == "2026-10-12"


@pytest.mark.provision("SC-26c")
def test_the_notice_of_the_year_makes_a_provisional_clock_final(world: World) -> None:
    row = world.clock("claim", "2026-12-30T10:00")
    assert (row.last_day, row.provisional) == (date(2027, 1, 7), True)
    publish_2027(("2027-01-01", DayKind.HOLIDAY, "元旦"), ("2027-01-04", DayKind.HOLIDAY, "元旦"))
    assert redate("2026-12-31T09:00") == 1
    assert (last_day(row), row.provisional) == ("2027-01-08", False)


def test_a_final_mark_alone_also_leaves_its_line(world: World) -> None:
    row = world.clock("claim", "2026-12-30T10:00")
    publish_2027(("2027-01-01", DayKind.HOLIDAY, "元旦"))
    assert redate("2026-12-31T09:00") == 0
    row.refresh_from_db()
    assert row.provisional is False
    assert len(ledger(row)) == 1
    assert not Notice.objects.filter(kind="clock_redated").exists()


def test_a_provisional_clock_that_had_passed_gets_until_the_next_working_day(world: World) -> None:
    row = world.clock("claim", "2026-12-30T10:00")
    publish_2027(("2027-01-01", DayKind.HOLIDAY, "元旦"))
    assert redate("2027-01-15T16:00") == 1
    assert (last_day(row), row.provisional, row.state) == ("2027-01-18", False, ClockState.RUNNING)


def test_held_clocks_are_counted_anew_and_stay_held(world: World) -> None:
    row = world.clock("claim", "2026-10-09T09:00")
    hold(subject_model=Organ, subject_id=row.subject_id, keys=["claim"], cause="退回", at=NOON, actor=actor(world))
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    assert redate("2026-10-12T10:30") == 1
    assert (last_day(row), row.state, row.next_rung_at) == ("2026-10-16", ClockState.HELD, None)


def test_an_end_set_by_hand_only_leaves_a_day_that_became_a_rest_day(world: World) -> None:
    row = world.clock("claim", "2026-09-29T09:00")
    hold(subject_model=Organ, subject_id=row.subject_id, keys=["claim"], cause="退回", at=NOON, actor=actor(world))
    release(subject_model=Organ, subject_id=row.subject_id, keys=["claim"], cause="维持", at=moment("2026-10-13T09:00"), actor=actor(world))
    assert last_day(row) == "2026-10-14"
    special("2026-10-09", DayKind.HOLIDAY, "停电日")
    assert redate("2026-10-13T10:00") == 0
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    assert redate("2026-10-13T10:01") == 1
    assert last_day(row) == "2026-10-15"


def test_only_the_counties_of_the_region_are_touched(world: World) -> None:
    row = world.clock("claim", "2026-10-09T09:00")
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    assert redate_for_calendar(regions=["NX"], at=NOON, notice=NOTICE) == 0
    assert last_day(row) == "2026-10-15"


def test_batches_are_walked_to_the_end_with_the_same_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [world.clock("claim", "2026-10-09T09:00") for _ in range(7)]
    monkeypatch.setattr(redating, "BATCH", 3)
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    assert redate("2026-10-10T10:30") == 7
    assert {last_day(row) for row in rows} == {"2026-10-16"}
    assert Adjustment.objects.filter(kind="calendar").count() == 7


def test_more_clocks_need_no_more_queries(world: World) -> None:
    world.clock("claim", "2026-10-09T09:00")
    special("2026-10-14", DayKind.HOLIDAY, "停电日")
    redate("2026-10-10T10:30")
    special("2026-10-16", DayKind.HOLIDAY, "停电日")
    with CaptureQueriesContext(connection) as few:
        redate("2026-10-10T10:30")
    for _ in range(20):
        world.clock("claim", "2026-10-09T09:00")
    special("2026-10-15", DayKind.HOLIDAY, "停电日")
    with CaptureQueriesContext(connection) as many:
        redate("2026-10-10T10:30")
    assert len(many) <= len(few)


def test_the_preview_tells_what_the_import_then_does(world: World) -> None:
    moving, staying = world.clock("claim", "2026-12-30T10:00"), world.clock("claim", "2026-10-09T09:00")
    days = ["01-01", "01-04", "02-05", "02-08", "02-09", "02-10", "04-05", "05-01", "05-02", "06-09", "09-15", "10-01", "10-02", "10-03"]
    rows = [Row(line=1, day=date.fromisoformat(f"2027-{day}"), kind=DayKind.HOLIDAY, name="节日") for day in days]
    calendars = proposed(layer="", year=2027, rows=rows, notice=NOTICE)
    [move] = preview_moves(calendars=calendars, at=NOON)
    assert (move.organ, move.term) == ("市场监督管理局", "认领")
    assert (move.old_last_day, move.new_last_day, move.provisional) == (date(2027, 1, 7), date(2027, 1, 8), False)
    assert last_day(moving) == "2027-01-07"
    import_year(layer="", year=2027, rows=rows, notice=NOTICE, actor=Actor(county_id=world.county.pk, client="command"), at=NOON)
    redate_for_calendar(regions=["", "NX"], at=NOON, notice=NOTICE)
    assert (last_day(moving), last_day(staying)) == ("2027-01-08", "2026-10-15")


def test_the_missing_year_alarms_from_15_november_once(world: World) -> None:
    admin = make_person(world.organ, "admin", Role.SYSTEM_ADMIN, "manage_rules")
    assert provisional_alarm(at=moment("2026-11-14T23:59")) == 0
    assert provisional_alarm(at=moment("2026-11-15T00:00")) >= 1
    assert provisional_alarm(at=moment("2026-11-16T09:00")) == 0
    [notice] = Notice.objects.filter(kind="alarm", user=admin)
    assert "2027 年放假安排还没有录入" in notice.params["what"]
    assert Alarm.objects.filter(kind="calendar_missing", county=world.county, cleared_at=None).count() == 1
    publish_2027()
    clear_alarms(at=moment("2026-11-20T09:00"))
    assert not Alarm.objects.filter(kind="calendar_missing", county=world.county, cleared_at=None).exists()


def test_a_provisional_clock_alarms_ten_working_days_before_its_end(world: World) -> None:
    row = world.clock("certificate_delivery", "2026-12-29T10:00")
    assert row.provisional
    start = calendar_of("").subtract(row.last_day, 10).last_day
    assert start == date(2026, 12, 29)
    assert provisional_alarm(at=moment("2026-12-28T09:00")) == Alarm.objects.filter(kind="calendar_missing").count()
    assert provisional_alarm(at=moment("2026-12-29T09:00")) == 1
    assert provisional_alarm(at=moment("2026-12-30T09:00")) == 0
    publish_2027(("2027-01-01", DayKind.HOLIDAY, "元旦"))
    redate("2026-12-31T09:00")
    assert not Alarm.objects.filter(kind="provisional_near", cleared_at=None).exists()
