"""The rules page: every term beside its article, what runs under it, what the county chose, and whether the rules are still in force."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from foundation.deadlines.models import Rulebook
from foundation.deadlines.rules import rows_of
from foundation.organizations.models import County
from foundation.organizations.statuses import Role

from .conftest import NOON, World, make_organ, make_person


def page(world: World, address: str = "/rules/") -> str:
    response = world.client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_term_stands_in_the_order_of_the_source_with_its_consequence(world: World) -> None:
    text = page(world)
    keys = list(world.rulebook.terms.order_by("position").values_list("key", flat=True))
    places = [text.index(f'<tr id="{key}">') for key in keys]
    assert places == sorted(places)
    assert "<b>系统自动认领，单列统计</b>" in text
    assert "会议召开，往前数" in text
    assert "3 个工作日前" in text
    assert text.index("上位法和国家规定") < text.index('<tr id="certificate_delivery">')
    assert "shicheng-2022，现行有效" in text
    assert "未定终止日期" in text


def test_it_counts_the_clocks_by_colour_in_one_query(world: World) -> None:
    world.clock("claim", "2026-09-29T16:20")  # until 12 October: soon
    world.clock("claim", "2026-09-28T16:20")  # until 10 October: today
    world.clock("claim", "2026-10-09T16:20")  # 15 October: later
    world.clock("claim", "2026-09-20T16:20")  # lapsed: claimed by the clock, so it no longer runs
    world.clock("change_proposal", "2026-09-29T10:00")  # overdue
    world.clock("result_feedback", "2026-09-20T10:00")  # an advisory one, passed
    tallies = {row.term.key: row.tally for row in rows_of(world.rulebook, at=NOON)}
    assert tallies["claim"].words == ["今天 1 件", "剩 1–2 日 1 件"]
    assert tallies["claim"].total == 3
    assert tallies["change_proposal"].words == ["逾期 1 件"]
    assert tallies["result_feedback"].words == ["超过 1 件"]
    assert tallies["minutes"].total == 0
    text = page(world)
    assert "现有 5 个期限在按它走" in text
    with CaptureQueriesContext(connection) as few:
        world.client().get("/rules/")
    for _ in range(15):
        world.clock("minutes", "2026-10-09T10:00")
    with CaptureQueriesContext(connection) as many:
        world.client().get("/rules/")
    assert len(many) <= len(few)


def test_provisional_clocks_are_counted_apart(world: World) -> None:
    world.clock("certificate_delivery", "2026-12-29T10:00")
    tally = next(row.tally for row in rows_of(world.rulebook, at=NOON) if row.term.key == "certificate_delivery")
    assert tally.words == ["暂定 1 件"]
    assert "其中暂定 1 个" in page(world)


def test_filters(world: World) -> None:
    def keys(**chosen: str) -> set[str]:
        return {row.term.key for row in rows_of(world.rulebook, at=NOON, **chosen)}

    assert keys(obliged="监管部门") == set(world.rulebook.terms.filter(obliged="监管部门").values_list("key", flat=True))
    assert keys(nature="advisory") == set(world.rulebook.terms.filter(advisory=True).values_list("key", flat=True))
    assert "claim" in keys(nature="hard", words="第二十六条 认领")
    assert "没有符合条件的期限" in page(world, "/rules/?q=没有这个词")


def test_what_the_text_leaves_open_is_printed_with_its_authority(world: World) -> None:
    text = page(world)
    assert "条文没有写明、由本县选定的口径" in text
    for entry in world.rulebook.parameters.values():
        assert entry["note"] in text
    assert "本系统选定" in text


@pytest.fixture
def pingluo(world: World) -> World:
    county = County.objects.get(code="640221")
    organ = make_organ(county, "水务局", 7)
    user = make_person(organ, "malan", Role.LIAISON, "view_matter")
    return World(county=county, organ=organ, other=organ, user=user, rulebook=Rulebook.objects.get(key="pingluo-2021"))


@pytest.mark.provision("PL-24a")
def test_expired_rules_still_serve_under_a_banner(pingluo: World) -> None:
    text = page(pingluo)
    assert "规则已过有效期：pingluo-2021，2023年5月1日届满，没有接续版本" in text
    assert "现行有效" not in text


def test_a_successor_takes_over_and_the_old_version_stays_readable(pingluo: World) -> None:
    Rulebook.objects.create(
        key="pingluo-2026",
        county=pingluo.county,
        title="新规则",
        short_title="平罗规则 2026 版",
        status="in_force",
        valid_from=date(2026, 1, 1),
        parameters=pingluo.rulebook.parameters,
        sha256="0" * 64,
        loaded_at=NOON,
    )
    assert "pingluo-2026，现行有效" in page(pingluo)
    old = page(pingluo, "/rules/?rulebook=pingluo-2021")
    assert "2023年5月1日届满。" in old
    assert "没有接续版本" not in old


def test_every_county_is_a_wall(world: World) -> None:
    assert world.client().get("/rules/?rulebook=pingluo-2021").status_code == 404
    assert world.client().get("/rules/export/?rulebook=pingluo-2021").status_code == 404


def test_a_county_without_rules_says_what_to_do(world: World) -> None:
    county = County.objects.create(code="110101", name="某县")
    organ = make_organ(county, "某局", 9)
    user = make_person(organ, "nobody", Role.LIAISON, "view_matter")
    assert "本县还没有载入规则" in page(World(county=county, organ=organ, other=organ, user=user, rulebook=world.rulebook))


def test_one_must_be_signed_in(world: World) -> None:
    from django.test import Client

    assert Client().get("/rules/").status_code == 302


def test_the_export_holds_every_term(world: World) -> None:
    response = world.client().get("/rules/export/")
    content = b"".join(response) if response.streaming else response.content
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    headings = next(number for number, row in enumerate(rows) if row[0] == "条款")
    assert len(rows) - headings - 1 == world.rulebook.terms.count()
    assert ("第二十六条", "认领") in {row[:2] for row in rows}
