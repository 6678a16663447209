"""Why this date: the strip of days, the sentence, the article, the ledger, and another day to try."""

from datetime import date

import pytest
from django.test import Client

from foundation.common.actors import Actor
from foundation.deadlines.actions import hold, release
from foundation.deadlines.explain import day_lines, sentence, weeks
from foundation.deadlines.models import Deadline, RungFired
from foundation.organizations.models import Organ
from foundation.organizations.statuses import Role
from foundation.workdays.queries import calendar_of

from .conftest import NOON, World, make_person, moment


def page(world: World, row: Deadline, query: str = "") -> str:
    response = world.client().get(f"/why/{row.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def said(row: Deadline) -> str:
    lines = day_lines(term=row.term, day_zero=row.day_zero, last_day=row.last_day, calendar=calendar_of(row.county.region))
    pieces = sentence(
        term=row.term,
        started_at=row.started_at,
        day_zero=row.day_zero,
        last_day=row.last_day,
        due_at=row.due_at,
        lines=lines,
        year=2026,
    )
    return "".join(text for text, _ in pieces)


@pytest.mark.provision("SC-26c")
def test_the_sentence_names_every_skipped_holiday_and_every_make_up_day(world: World) -> None:
    assert said(world.clock("claim", "2026-09-29T16:20")) == (
        "9月29日（二）16:20 推送，当日不计。从次日起数 5 个工作日：跳过国庆节 10月1日至7日和 10月11日（日），10月10日（六）调休上班，"
        "计为第 4 日。第 5 日是 10月12日（一），届满于当日 24:00：23:59 认领仍是按期，10月13日 0:00 起由系统自动认领。"
    )


def test_the_sentence_of_a_term_counted_back(world: World) -> None:
    text = said(world.clock("meeting_papers", "2026-10-12T09:00"))
    assert "从前一日起往前数 3 个工作日：跳过10月11日（日）" in text
    assert "第 3 日是 10月8日（四）" in text


def test_the_sentence_of_a_long_term_counts_the_rest_days(world: World) -> None:
    text = said(world.clock("first_action", "2026-10-09T10:00"))
    assert "个休息日" in text
    assert "建议期限，超过只作提示，不计逾期" in text


def test_the_strip_marks_the_event_what_is_skipped_today_and_the_end(world: World) -> None:
    text = page(world, world.clock("claim", "2026-09-29T16:20"))
    assert "为什么是 10月12日 24:00" in text
    assert '<li class="ld-zero"><b>9/29</b>' in text
    assert text.count('<li class="ld-off">') == 8
    assert '<li class="ld-swap ld-now" aria-current="date"><b>10/10</b>' in text
    assert '<li class="ld-last"><b>10/12</b>' in text
    assert "第二十六条" in text and "shicheng-2022" in text and "2022年9月30日起施行" in text
    assert "国务院办公厅关于2026年部分节假日安排的通知" in text
    assert "系统自动认领，单列统计" in text
    assert "没有重算过" in text


def test_the_week_grid_runs_from_monday_to_sunday(world: World) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    cells = weeks(day_lines(term=row.term, day_zero=row.day_zero, last_day=row.last_day, calendar=calendar_of("")), event="推送")
    assert (cells[0].day, cells[-1].day) == (date(2026, 9, 28), date(2026, 10, 18))
    assert [cell.text for cell in cells[:4]] == ["", "推送", "第1日", "休"]


def test_reminders_sent_and_planned(world: World) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    text = page(world, row)
    assert "10月11日（日）09:00 待发" in text
    RungFired.objects.create(deadline=row, rung="1-before", due_at=row.due_at)
    assert "10月10日（六）09:00 已发" in page(world, row)


def test_the_ledger_and_a_date_that_no_longer_follows_from_its_event(world: World) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    actor = Actor(county_id=world.county.pk, client="web", user_id=world.user.pk)
    hold(subject_model=Organ, subject_id=row.subject_id, keys=["claim"], cause="退回，等候答复", at=NOON, actor=actor)
    release(subject_model=Organ, subject_id=row.subject_id, keys=["claim"], cause="维持原推送", at=moment("2026-10-14T09:00"), actor=actor)
    text = page(world, row)
    assert "推送时起算" in text and "退回，等候答复" in text and "维持原推送" in text
    assert "逐日数下来是 10月12日（一）24:00，现在的期限是 <b>10月15日（四）24:00</b>" in text
    assert "没有重算过" not in text


def test_a_provisional_date_says_which_year_is_missing(world: World) -> None:
    text = page(world, world.clock("claim", "2026-12-30T10:00"))
    assert "为什么是 2027年1月7日 24:00" in text
    assert "2027 年的放假安排还没有公布" in text
    assert "尚未公布或录入" in text


def test_another_day_can_be_tried_and_nothing_is_stored(world: World) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    assert "9月30日（三）推送的，届满于 <b>10月13日（二）24:00</b>" in page(world, row, "?day=2026-09-30")
    for wrong in ("2026-09-31", "morgen", "<script>", "0001-01-01", "9999-12-31"):
        text = page(world, row, f"?day={wrong}")
        assert 'role="alert"' in text
        assert "<script>" not in text.split("<main", 1)[1].split("</main>", 1)[0]
    row.refresh_from_db()
    assert row.last_day == date(2026, 10, 12)


def test_the_popover_is_a_fragment_that_leads_to_the_page(world: World) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    text = world.client().get(f"/why/{row.pk}/popover/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert 'role="dialog"' in text
    assert f'href="/why/{row.pk}/"' in text
    assert "9月29日推送，当日不计；5 个工作日" in text


@pytest.mark.parametrize("key", ["push", "renewal_decision", "meeting_papers", "first_action", "publication", "result_feedback"])
def test_terms_of_every_kind_have_a_page_and_a_popover(world: World, key: str) -> None:
    row = world.clock(key, "2026-10-09T10:00")
    assert "逐日计算" in page(world, row)
    assert world.client().get(f"/why/{row.pk}/popover/").status_code == 200


def test_who_may_not_see_the_organ_finds_nothing(world: World) -> None:
    row = world.clock("claim", "2026-09-29T16:20")
    stranger = Client()
    stranger.force_login(make_person(world.other, "wang", Role.LIAISON, "view_matter"), backend="django.contrib.auth.backends.ModelBackend")
    for address in (f"/why/{row.pk}/", f"/why/{row.pk}/popover/", "/why/999999999/"):
        assert stranger.get(address).status_code == 404
    assert Client().get(f"/why/{row.pk}/").status_code == 302
