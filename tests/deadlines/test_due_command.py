"""`manage.py due`: when a term ends and why, for lawyers and scripts."""

import json

import pytest
from django.core.management import CommandError, call_command

from .conftest import World


def due(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("due", *arguments)
    return capsys.readouterr().out


def as_json(capsys: pytest.CaptureFixture[str], county: str, term: str, at: str) -> dict:
    return json.loads(due(capsys, "--county", county, "--term", term, "--at", at, "--json"))


@pytest.mark.provision("SC-26c")
def test_json_of_a_claim_over_the_national_day(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    answer = as_json(capsys, "360735", "claim", "2026-09-30T10:00")
    assert list(answer) == ["last_day", "due_at", "provisional", "rulebook", "article", "days"]
    assert answer["last_day"] == "2026-10-13"
    assert answer["due_at"] == "2026-10-14T00:00:00+08:00"
    assert answer["provisional"] is False
    assert (answer["rulebook"], answer["article"]) == ("shicheng-2022", "第二十六条")
    days = {day["day"]: day for day in answer["days"]}
    assert len(days) == 14
    assert days["2026-09-30"]["number"] == 0
    assert not days["2026-10-01"]["counted"] and days["2026-10-01"]["name"] == "国庆节"
    assert days["2026-10-10"]["kind"] == "make_up" and days["2026-10-10"]["number"] == 3
    assert days["2026-10-13"]["number"] == 5
    assert all(day["source"] for day in answer["days"])


@pytest.mark.parametrize(
    ("county", "term", "at", "last_day", "due_at"),
    [
        ("360735", "claim", "2026-09-29T16:20", "2026-10-12", "2026-10-13T00:00:00+08:00"),
        ("360735", "claim", "2026-09-29T23:59:59+08:00", "2026-10-12", "2026-10-13T00:00:00+08:00"),
        ("360735", "claim", "2026-09-29T16:00:00+00:00", "2026-10-13", "2026-10-14T00:00:00+08:00"),
        pytest.param(
            "360735", "meeting_papers", "2026-10-12", "2026-10-08", "2026-10-09T00:00:00+08:00", marks=pytest.mark.provision("SC-24a")
        ),
        ("420626", "claim", "2026-09-30T10:00", "2026-10-10", "2026-10-11T00:00:00+08:00"),
        ("370302", "roster", "2026-10-11T09:00", "2026-10-11", "2026-10-11T15:00:00+08:00"),
        ("420626", "result_entry", "2026-10-11T09:00", "2026-10-11", "2026-10-12T00:00:00+08:00"),
        ("420626", "deferred_material_reminder", "2026-10-12", "2026-10-11", "2026-10-12T00:00:00+08:00"),
        ("360735", "push", "2026-10-10T23:45", "2026-10-11", "2026-10-11T00:15:00+08:00"),
    ],
)
def test_terms_of_every_kind(
    world: World, capsys: pytest.CaptureFixture[str], county: str, term: str, at: str, last_day: str, due_at: str
) -> None:
    answer = as_json(capsys, county, term, at)
    assert (answer["last_day"], answer["due_at"]) == (last_day, due_at)


def test_a_year_without_notice_is_provisional(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "360735", "claim", "2026-12-29T09:00")["provisional"] is True
    assert "暂定" in due(capsys, "--county", "360735", "--term", "claim", "--at", "2026-12-29T09:00")


def test_the_expired_rulebook_still_serves_and_says_so(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    text = due(capsys, "--county", "640221", "--term", "claim", "--at", "2026-09-29T10:00")
    assert "pingluo-2021" in text
    assert "规则已过有效期：2023年5月1日届满" in text


def test_the_text_reasons_day_by_day(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    lines = due(capsys, "--county", "360735", "--term", "claim", "--at", "2026-09-29T16:20").splitlines()
    assert lines[0] == "认领：shicheng-2022 第二十六条，自推送，5 个工作日"
    assert lines[1] == "届满：10月12日（一）24:00"
    assert lines[3].startswith("2026-09-29 周二  第 0 日")
    assert any("国庆节" in line and "国务院办公厅" in line for line in lines)
    assert lines[-1].startswith("2026-10-12 周一  第 5 日")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("360736", "claim", "2026-09-29T10:00"), "没有代码为 360736 的县.*360735 石城县"),
        (("360735", "clame", "2026-09-29T10:00"), "没有期限 clame.*claim"),
        (("360735", "claim", "2026-09-31T10:00"), "看不懂时间"),
        (("360735", "claim", "yesterday"), "看不懂时间"),
        (("360735", "claim", "2126-09-29T10:00"), "超出日历范围"),
    ],
)
def test_bad_questions_get_clear_answers(world: World, arguments: tuple[str, str, str], says: str) -> None:
    county, term, at = arguments
    with pytest.raises(CommandError, match=says):
        call_command("due", "--county", county, "--term", term, "--at", at)


@pytest.mark.django_db
def test_a_county_without_rules(capsys: pytest.CaptureFixture[str]) -> None:
    from foundation.organizations.models import County

    with pytest.raises(CommandError, match="load_ground"):
        call_command("due", "--county", "360735", "--term", "claim", "--at", "2026-09-29T10:00")
    County.objects.create(code="360735", name="石城县")
    with pytest.raises(CommandError, match="还没有载入规则"):
        call_command("due", "--county", "360735", "--term", "claim", "--at", "2026-09-29T10:00")
