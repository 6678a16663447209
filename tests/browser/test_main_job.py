"""The main job as people do it: recorded and issued, claimed by one department, lapsed at the other, read on the overview."""

import pytest
from django.urls import reverse

from approvals.models import Decision
from foundation.common import clock
from foundation.deadlines import settling
from foundation.organizations.statuses import OrganKind, Role
from pushes.models import Push
from tests.browser.conftest import Desk
from tests.factories import PASSWORD, moment, organ, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.provision("SC-26a", "SC-26b", "SC-26c")
def test_a_decision_is_recorded_issued_claimed_lapses_elsewhere_and_is_read_by_oversight(desk: Desk) -> None:
    place = desk.place.world
    office = person(Role.OVERSIGHT, organ(place.county, "督查室", kind=OrganKind.OVERSIGHT_OFFICE))

    clerk = desk.sit(None)
    clerk.goto(reverse("login"))
    clerk.fill("[name=username]", desk.place.clerk.user.username)
    clerk.fill("[name=password]", PASSWORD)
    clerk.click("button:has-text('登录')")
    clerk.goto(reverse("decision_new"))
    clerk.fill("[name=find_item]", "食品")
    clerk.locator("#item-hits [name=handling_item]").first.check()
    clerk.locator("#targets", has_text="2 个部门").wait_for()
    clerk.fill("[name=find_party]", "赣江源")
    clerk.locator("#party-hits [name=party]").first.check()
    clerk.fill("[name=document_number]", "石行审许〔2026〕0407号")
    clerk.fill("[name=party_contact]", "温某 19000000011")
    clerk.fill("[name=decided_on]", "2026-10-12")
    clerk.fill("[name=content]", "热食类食品制售")
    clerk.click("button[name=submit]")
    clerk.wait_for_url("**/decisions/*/")
    decision = Decision.objects.get()

    head = desk.sit(desk.place.head)
    head.goto(reverse("decision_page", args=[decision.pk]))
    head.click("button:has-text('签发并推送')")
    head.get_by_text("已签发，并已推送给各监管部门").first.wait_for()

    liaison = desk.sit(desk.place.liaison(0))
    liaison.goto(reverse("push_page", args=[desk.place.push(decision, 0).pk]))
    liaison.click("[data-act=claim]")
    liaison.get_by_text("已认领 1 件").first.wait_for()

    with clock.frozen(moment("2026-10-20 08:30")):
        assert settling.sweep() == 1
        leader = desk.sit(office)
        leader.goto(reverse("overview"))
        row = leader.locator("main").inner_text()
        assert place.departments[0].short_name in row and place.departments[1].short_name in row
        assert "自动认领" in row
    assert sorted(Push.objects.values_list("state", flat=True)) == ["auto_claimed", "claimed"]
    assert desk.asked == {desk.server.url.removeprefix("http://")}
