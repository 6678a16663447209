"""No list, export or page shows a stale state: with lapsed clocks that nobody has written down, each reads as it does after the sweep."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from foundation.common import clock
from foundation.deadlines import settling
from foundation.organizations.statuses import OrganKind, Role
from pushes.actions import claim
from pushes.models import Push
from tests.factories import AT, moment, organ, person
from tests.whole.corridor import Corridor

LATE = moment("2026-10-21 09:00")
WRITTEN_DOWN = re.compile(r"，?记录 \d+月\d+日 \d\d:\d\d|[（，]?还没有写入记录[）]?")
"""When a lapse was written down is the one thing that may differ: before the sweep it has not been."""

SAME: list[tuple[str, str, str]] = [
    ("liaison", "inbox", "state=waiting"),
    ("liaison", "inbox", "state=auto"),
    ("liaison", "inbox_export", "state=auto"),
    ("liaison", "inbox_export", ""),
    ("liaison", "task_list", ""),
    ("liaison", "task_list", "scope=mine"),
    ("liaison", "task_list", "state=open"),
    ("clerk", "task_list", "scope=sent"),
    ("liaison", "task_export", ""),
    ("clerk", "decision_list", ""),
    ("liaison", "decision_list", ""),
    ("clerk", "decision_export", ""),
    ("oversight", "overview", ""),
    ("oversight", "overview_export", ""),
    ("oversight", "overview_rows", "bucket=automatic"),
    ("oversight", "overview_rows", "bucket=not_due"),
    ("oversight", "overview_rows", "format=xlsx"),
    ("lead", "overview", ""),
    ("clerk", "workbench", "scope=others"),
    ("clerk", "search", "q=赣江源"),
    ("liaison", "search", "q=赣江源"),
    ("clerk", "party_page", ""),
]
CLOCK_OF_TASK = re.compile(r"自动认领|建议期限·.*|\d+月\d+日（.）24:00")
"""In a list of tasks the column of the clock: before the task is written down it shows the claim that opened it."""


@pytest.fixture
def readers(shicheng: Corridor) -> dict[str, Client]:
    """Two decisions, one push of them claimed in time, three lapsed; the browsers of those who read."""
    first = shicheng.issue(1, at=AT)
    shicheng.issue(2, at=moment("2026-10-13 11:00"))
    with clock.frozen(moment("2026-10-14 10:00")):
        claim(actor=shicheng.liaison(1).actor, push_ids=[shicheng.push(first, 1).pk])
    place = shicheng.world
    office = person(Role.OVERSIGHT, organ(place.county, "督查室", kind=OrganKind.OVERSIGHT_OFFICE))
    return {
        "liaison": shicheng.liaison(0).browser(),
        "lead": place.who(place.departments[0], Role.LIAISON_LEADER).browser(),
        "clerk": shicheng.clerk.browser(),
        "oversight": office.browser(),
    }


def shown(client: Client, name: str, query: str, ids: dict[str, int]) -> Any:
    """What a person reads: the words of the page's main part, or the cells of the sheet."""
    answer = client.get(reverse(name, args=[ids[name]] if name in ids else []) + (f"?{query}" if query else ""))
    assert answer.status_code == 200, (name, answer.status_code)
    if "spreadsheet" in answer["Content-Type"]:
        book = load_workbook(BytesIO(b"".join(answer)))
        return [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.S)
    assert main, name
    words = re.sub(r"<[^>]*>", "\n", re.sub(r"(?s)<(script|style).*?</\1>", "", main[0]))
    lines = [line.strip() for line in WRITTEN_DOWN.sub("", words).splitlines() if line.strip()]
    return [line for line in lines if not CLOCK_OF_TASK.fullmatch(line)] if name == "task_list" else lines


@pytest.mark.provision("SC-26c")
def test_lists_exports_and_figures_are_the_same_with_the_sweep_off_and_on(readers: dict[str, Client]) -> None:
    ids = {"party_page": Push.objects.first().payload.party_id}  # type: ignore[union-attr]

    def each() -> dict[tuple[str, str, str], Any]:
        return {(who, name, query): shown(readers[who], name, query, ids) for who, name, query in SAME}

    with clock.frozen(LATE):
        off = each()
        assert Push.objects.filter(state="auto_claimed").count() == 0
        assert settling.sweep() == 3
        on = each()
    different = {key: (_only(off[key], on[key]), _only(on[key], off[key])) for key in off if off[key] != on[key]}
    assert different == {}


@pytest.mark.parametrize(
    ("who", "name", "words"),
    [
        ("liaison", "workbench", ["审许〔2026〕0001号", "11月30日（一）24:00", "12月1日（二）24:00"]),
        ("liaison", "push_page", ["自动认领", "10月19日（一）24:00"]),
        ("clerk", "push_page", ["自动认领", "10月19日（一）24:00"]),
        ("liaison", "decision_page", ["2 个部门，1 个主动认领，1 个自动认领", "10月19日（一）24:00"]),
        ("clerk", "decision_page", ["2 个部门，1 个主动认领，1 个自动认领", "10月19日（一）24:00"]),
    ],
)
def test_a_page_tells_the_lapse_and_what_follows_before_anybody_has_written_it_down(
    readers: dict[str, Client], who: str, name: str, words: list[str]
) -> None:
    push = Push.objects.filter(state="waiting").order_by("pk")[0]
    ids = {"push_page": push.pk, "decision_page": push.payload_id}
    with clock.frozen(LATE):
        off = "\n".join(shown(readers[who], name, "", ids))
        settling.sweep()
        on = "\n".join(shown(readers[who], name, "", ids))
    assert [word for word in words if word not in off] == []
    assert [word for word in words if word not in on] == []


def _only(some: list[Any], others: list[Any]) -> list[Any]:
    return [one for one in some if one not in others]
