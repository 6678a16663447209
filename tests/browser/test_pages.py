"""Every main page as people with other eyes, other hands and a phone meet it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from foundation.common import clock
from foundation.deadlines.models import Deadline
from foundation.organizations.statuses import OrganKind, Role
from pushes.actions import claim
from pushes.models import Push
from supervision.models import Task
from tests.browser.conftest import Desk
from tests.factories import AT, moment, organ, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = moment("2026-10-16 09:00")


def stage(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """Something on every page; the addresses of the main pages by who reads them."""
    first, second = desk.place.issue(1, at=AT), desk.place.issue(2, at=AT)
    claim(actor=desk.place.liaison(0).actor, push_ids=[desk.place.push(first).pk])
    task = Task.objects.get(push=desk.place.push(first))
    waiting = desk.place.push(second)
    running = Deadline.objects.get(subject_id=waiting.pk, term__key="claim")
    return {
        "nobody": [("login", reverse("login"))],
        "liaison": [
            ("workbench", reverse("workbench")),
            ("inbox", reverse("inbox")),
            ("push_page", reverse("push_page", args=[waiting.pk])),
            ("task_list", reverse("task_list")),
            ("task_page", reverse("task_page", args=[task.pk])),
            ("why", reverse("why", args=[running.pk])),
            ("notices", reverse("notices")),
        ],
        "clerk": [
            ("decision_list", reverse("decision_list")),
            ("decision_page", reverse("decision_page", args=[first.pk])),
            ("decision_new", reverse("decision_new")),
            ("catalogue", reverse("catalogue")),
            ("rules", reverse("rules")),
            ("calendar", reverse("calendar")),
            ("search", reverse("search") + "?q=赣江源"),
        ],
        "oversight": [("overview", reverse("overview"))],
    }


def windows(desk: Desk, *, width: int) -> dict[str, Page]:
    place = desk.place.world
    office = person(Role.OVERSIGHT, organ(place.county, "督查室", kind=OrganKind.OVERSIGHT_OFFICE))
    people: dict[str, Any] = {"nobody": None, "liaison": desk.place.liaison(0), "clerk": desk.place.clerk, "oversight": office}
    return {who: desk.sit(one, width=width) for who, one in people.items()}


def test_no_page_has_a_serious_fault_and_none_asks_another_host(desk: Desk) -> None:
    addresses, axe = stage(desk), Axe()
    faults: list[str] = []
    with clock.frozen(NOW):
        for who, page in windows(desk, width=1440).items():
            for name, address in addresses[who]:
                page.goto(address, wait_until="networkidle")
                for one in axe.run(page).response["violations"]:
                    if one["impact"] in ("serious", "critical"):
                        faults += [f"{name}: {one['id']} {node['html'][:160]}" for node in one["nodes"][:3]]
    assert faults == []
    assert desk.asked == {desk.server.url.removeprefix("http://")}


def test_on_a_phone_no_page_scrolls_sideways(desk: Desk) -> None:
    addresses = stage(desk)
    wide: list[str] = []
    with clock.frozen(NOW):
        for who, page in windows(desk, width=390).items():
            for name, address in addresses[who]:
                page.goto(address)
                found = page.evaluate("document.documentElement.scrollWidth")
                if found > 390:
                    wide.append(f"{name}: {found}")
    assert wide == []


def test_the_inbox_is_worked_with_the_keyboard_alone(desk: Desk) -> None:
    desk.place.issue(1, at=AT)
    desk.place.issue(2, at=AT)
    page = desk.sit(desk.place.liaison(0))
    page.goto(reverse("inbox"), wait_until="networkidle")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    page.get_by_text("已认领 1 件").first.wait_for()
    assert Push.objects.filter(state="claimed").count() == 1
