"""The chip of a clock in each of its states: tone, icon, words and the line below, together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from foundation.common.actors import Actor
from foundation.deadlines.actions import cancel, excuse, hold, meet
from foundation.deadlines.asides import attach_asides
from foundation.deadlines.models import Adjustment, Deadline
from foundation.deadlines.statuses import AdjustmentKind, ClockState
from foundation.deadlines.words import Aside, Chip, chip_of, cn_day, cn_end, cn_moment, cn_range
from foundation.organizations.models import Organ
from foundation.workdays.queries import calendar_of

from .conftest import NOON, World, moment

ALL_EFFECTS = ("auto_claim", "deemed_consent", "deemed_renewed", "decision_task")


def chip(row: Deadline, at: str = "2026-10-10T10:30", aside: Aside | None = None, effects: Sequence[str] = ALL_EFFECTS) -> Chip:
    return chip_of(row, at=moment(at), calendar=calendar_of(row.county.region), aside=aside, effects=effects)


def shown(found: Chip) -> tuple[str, str, str, str]:
    return found.tone, found.icon, found.words, found.line


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-10-08T09:00", ("ok", "clock", "剩 3 个工作日", "10月12日（一）24:00")),
        ("2026-10-07T09:00", ("ok", "clock", "剩 4 个工作日", "10月12日（一）24:00")),
        ("2026-10-09T09:00", ("soon", "alert-triangle", "剩 2 个工作日", "10月12日（一）24:00")),
        ("2026-10-10T10:30", ("soon", "alert-triangle", "剩 1 个工作日", "10月12日（一）24:00")),
        ("2026-10-11T23:59", ("soon", "alert-triangle", "剩 1 个工作日", "10月12日（一）24:00")),
        ("2026-10-12T00:00", ("today", "alarm", "今天 24:00 届满", "10月12日（一）24:00")),
        ("2026-10-12T23:59:59.999999", ("today", "alarm", "今天 24:00 届满", "10月12日（一）24:00")),
        ("2026-10-13T00:00", ("auto", "clock-cog", "自动认领", "10月12日 24:00")),
        ("2026-11-02T09:00", ("auto", "clock-cog", "自动认领", "10月12日 24:00")),
        ("2027-01-04T09:00", ("auto", "clock-cog", "自动认领", "2026年10月12日 24:00")),
    ],
)
@pytest.mark.provision("SC-26c")
def test_a_claim_clock_through_its_life(world: World, at: str, expected: tuple[str, str, str, str]) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    assert shown(chip(row, at)) == expected
    assert chip(row, at).links is (expected[0] != "auto")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-10-10T00:00", ("over", "alert-octagon", "已逾期 1 个工作日", "10月9日（五）24:00")),
        ("2026-10-11T12:00", ("over", "alert-octagon", "已逾期 1 个工作日", "10月9日（五）24:00")),
        ("2026-10-14T12:00", ("over", "alert-octagon", "已逾期 4 个工作日", "10月9日（五）24:00")),
    ],
)
def test_an_overdue_clock_counts_working_days_after_its_last_day(world: World, at: str, expected: tuple[str, str, str, str]) -> None:
    assert shown(chip(world.clock("change_proposal", "2026-09-30T10:00"), at)) == expected


def test_overdue_with_no_working_day_since(world: World) -> None:
    row = world.clock("change_proposal", "2026-10-14T10:00")
    assert shown(chip(row, "2026-10-17T10:00")) == ("over", "alert-octagon", "已逾期，10月16日 24:00 届满", "")


def test_an_effect_that_no_room_carries_out_leaves_the_clock_overdue(world: World) -> None:
    row = world.clock("renewal_decision", "2026-10-09T10:00")
    assert chip(row, effects=()).words == "已逾期 1 个工作日"
    assert chip(row).words == "视为准予延续"


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("2026-10-10T10:25", ("met", "circle-check", "按期推送", "10月10日 10:25")),
        ("2026-10-12T23:59:59.999", ("met", "circle-check", "按期推送", "10月12日 23:59")),
        ("2026-10-13T00:00", ("late", "clock-x", "逾期 1 个工作日推送", "10月13日 00:00")),
        ("2026-10-14T09:00", ("late", "clock-x", "逾期 2 个工作日推送", "10月14日 09:00")),
    ],
)
def test_met_on_time_and_late(world: World, done: str, expected: tuple[str, str, str, str]) -> None:
    row = world.clock("change_proposal", "2026-10-09T10:00")
    assert row.last_day.isoformat() == "2026-10-12"
    meet(subject_model=Organ, subject_ids=[row.subject_id], keys=["change_proposal"], at=moment(done))
    row.refresh_from_db()
    assert shown(chip(row, "2026-10-20T09:00")) == expected


def test_met_late_before_any_working_day_has_passed(world: World) -> None:
    row = world.clock("change_proposal", "2026-10-14T10:00")
    row.state, row.settled_at = ClockState.MET, moment("2026-10-17T10:00")
    assert chip(row, "2026-10-20T09:00").words == "逾期推送"


def test_provisional_shows_its_year_and_waits_on_its_day(world: World) -> None:
    row = world.clock("claim", "2026-12-30T10:00")
    assert row.provisional
    assert shown(chip(row, "2026-12-30T11:00")) == ("prov", "calendar-question", "暂定·剩 5 个工作日", "2027年1月7日（四）24:00")
    for at in ("2027-01-07T09:00", "2027-01-08T00:00", "2027-02-01T09:00"):
        assert shown(chip(row, at)) == ("prov", "calendar-question", "暂定·待节假日公布", "2027年1月7日（四）24:00")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-10-09T10:00", "建议期限·剩 3 个工作日"),
        ("2026-10-13T10:00", "建议期限·今天"),
        ("2026-10-14T10:00", "超过建议期限 1 个工作日"),
        ("2026-10-15T10:00", "超过建议期限 2 个工作日"),
    ],
)
def test_advisory_terms_are_grey_and_never_overdue(world: World, at: str, words: str) -> None:
    found = chip(world.clock("result_feedback", "2026-10-09T09:00"), at)
    assert (found.tone, found.css, found.icon, found.words) == ("", "ld-clock", "info-circle", words)
    assert "逾期" not in found.words


def test_an_advisory_term_done_late_is_not_called_overdue(world: World) -> None:
    row = world.clock("result_feedback", "2026-10-09T09:00")
    row.state, row.settled_at = ClockState.MET, moment("2026-10-15T09:00")
    assert chip(row, "2026-10-20T09:00").words == "超过建议期限 2 个工作日反馈"


def test_calendar_days_are_called_days(world: World) -> None:
    row = world.clock("claim", "2026-10-08T09:00")
    row.term.unit = "months"
    assert chip(row, "2026-10-10T10:30").words == "剩 4 天"


def test_a_term_by_the_hour(world: World) -> None:
    row = world.clock("change_proposal", "2026-10-08T09:00")
    row.last_day, row.due_at = moment("2026-10-10T00:00").date(), moment("2026-10-10T15:00")
    assert shown(chip(row)) == ("today", "alarm", "今天 15:00 届满", "10月10日（六）15:00")
    assert chip(row, "2026-10-10T15:00").words == "已逾期，10月10日 15:00 届满"


def test_only_rest_days_left(world: World) -> None:
    row = world.clock("renewal_decision", "2026-10-18T00:00")
    assert chip(row, "2026-10-17T09:00").words == "剩 1 天"


def test_held_says_who_must_answer_and_by_when(world: World) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    actor = Actor(county_id=world.county.pk, client="web", user_id=world.user.pk)
    hold(subject_model=Organ, subject_id=row.subject_id, keys=["claim"], cause="退回", at=NOON, actor=actor)
    world.clock("return_answer", "2026-10-14T09:00", subject=row.subject_id, organ=world.other)
    row.refresh_from_db()
    [held] = attach_asides([row])
    expected = ("", "arrow-back-up", "已退回·等审批局答复", "水利局应在 10月15日（四）24:00 前答复")
    assert shown(chip(held, "2026-10-14T10:00", aside=held.aside)) == expected
    assert shown(chip(held, "2026-11-14T10:00", aside=held.aside)) == expected


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("推送已撤回：重复", ("off", "ban", "期限已取消", "推送已撤回：重复")),
        ("已改派林业局，新期限另起", ("", "arrow-back-up", "已改派·新期限另起", "林业局 10月10日 10:30")),
    ],
)
def test_cancelled_and_reassigned(world: World, cause: str, expected: tuple[str, str, str, str]) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    actor = Actor(county_id=world.county.pk, client="web", user_id=world.user.pk)
    cancel(subject_model=Organ, subject_ids=[row.subject_id], cause=cause, at=NOON, actor=actor)
    row.refresh_from_db()
    [ended] = attach_asides([row])
    assert shown(chip(ended, aside=ended.aside)) == expected


def test_excused_stays_late_with_author_and_reason(world: World) -> None:
    row = world.clock("change_proposal", "2026-09-30T10:00")
    actor = Actor(county_id=world.county.pk, client="web", user_id=world.user.pk, rights={"excuse_clock": frozenset({world.organ.pk})})
    excuse(actor=actor, clock_id=row.pk, reason="暴雨停电")
    [excused] = attach_asides([row])
    assert shown(chip(excused, aside=excused.aside)) == ("late", "clock-x", "已逾期 1 个工作日·认定免责", "李慧：暴雨停电")
    excused.state, excused.settled_at = ClockState.MET, NOON
    assert chip(excused, "2026-10-12T09:00", aside=excused.aside).words == "逾期 1 个工作日推送·认定免责"


def test_a_parked_effect_is_not_shown_as_done(world: World) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    row.parked_at = moment("2026-10-13T00:05")
    assert chip(row, "2026-10-14T09:00").words == "已逾期 2 个工作日"


def test_dates() -> None:
    day = datetime(2026, 10, 15).date()
    assert cn_day(day, year=2026) == "10月15日（四）"
    assert cn_day(day, year=2027) == "2026年10月15日（四）"
    assert cn_end(moment("2026-10-16T00:00"), year=2026) == "10月15日（四）24:00"
    assert cn_moment(moment("2026-10-16T00:00"), year=2026) == "10月16日 00:00"
    assert cn_moment(moment("2027-01-01T00:00"), year=2026, ends=True) == "12月31日 24:00"
    assert cn_range(day, day + timedelta(days=2), year=2026) == "10月15日至17日"
    assert cn_range(day, day + timedelta(days=20), year=2026) == "10月15日至11月4日"


def test_a_page_of_chips_asks_the_database_no_more_than_one_chip(world: World) -> None:
    template = Template("{% for clock in clocks %}{% clock_chip clock %}{% due_line clock %}{% article clock.term %}{% endfor %}")

    def queries(count: int) -> tuple[int, str]:
        rows = list(Deadline.objects.select_related("term").order_by("id")[:count])
        with CaptureQueriesContext(
            connection,
        ) as found:
            text = template.render(Context({"clocks": rows}))
        return len(found), text

    for _ in range(12):
        world.clock("claim", "2026-09-29T16:20")
    Adjustment.objects.create(deadline=Deadline.objects.first(), kind=AdjustmentKind.STARTED, cause="x", at=NOON)
    one, _ = queries(1)
    many, text = queries(12)
    assert many == one
    assert text.count("剩 1 个工作日") == 12
    assert 'href="/rules/?rulebook=shicheng-2022#claim"' in text
    assert '<time datetime="2026-10-13T00:00:00+08:00">10月12日（一）24:00</time>' in text
