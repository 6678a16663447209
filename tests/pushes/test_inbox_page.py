"""The inbox as a liaison officer of a department sees it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from foundation.common import clock
from foundation.organizations.models import OrganGrant
from pushes import actions, returns
from pushes.models import Push
from pushes.statuses import PushState
from tests.approvals.world import AT, make_world, moment


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def liaison(world):
    return world.liaisons[0]


def _issue(world, n, at=AT):
    for one in range(n):
        world.issued(at=at, document_number=f"石行审许〔2026〕{500 + one:04d}号", decided_on=at.date())


def _get(person, address, at=AT, **headers):
    with clock.frozen(at):
        return person.browser().get(address, **headers)


def test_what_waits_is_listed_nearest_moment_first(world, liaison):
    world.issued(at=moment("2026-10-12 09:00"), document_number="石行审许〔2026〕0002号")
    world.issued(at=moment("2026-10-09 09:00"), document_number="石行审许〔2026〕0001号", decided_on=moment("2026-10-09 09:00").date())
    page = _get(liaison, "/pushes/").content.decode()
    assert page.index("〔2026〕0001号") < page.index("〔2026〕0002号")
    assert "未认领 2" in page


def test_a_department_never_sees_another_departments_pushes(world, liaison):
    _issue(world, 1)
    other = world.push_to(world.departments[1])
    assert f"/pushes/{other.pk}/" not in _get(liaison, "/pushes/").content.decode()
    assert _get(liaison, f"/pushes/{other.pk}/").status_code == 404


@pytest.mark.provision("SC-26c")
def test_a_lapsed_push_stands_among_the_automatic_ones_before_any_sweep(world, liaison):
    _issue(world, 1)
    late = moment("2026-10-20 00:00")
    assert Push.objects.filter(state=PushState.AUTO_CLAIMED).count() == 0
    assert "没有要认领的推送" in _get(liaison, "/pushes/", at=late).content.decode()
    page = _get(liaison, "/pushes/?state=auto", at=late).content.decode()
    assert "自动认领 1" in page
    assert "0500号" in page
    before = _get(liaison, "/pushes/", at=late - timedelta(microseconds=1)).content.decode()
    assert "未认领 1" in before


def test_the_number_of_queries_does_not_grow_with_the_list(world, liaison):
    _issue(world, 1)
    browser = liaison.browser()
    with clock.frozen(AT):
        browser.get("/pushes/")
        with CaptureQueriesContext(connection) as few:
            browser.get("/pushes/")
    for n in range(11):
        world.issued(at=AT, document_number=f"石行审许〔2026〕{600 + n:04d}号")
    with clock.frozen(AT), CaptureQueriesContext(connection) as many:
        assert browser.get("/pushes/").content.decode().count("data-row") == 12
    assert len(many) == len(few)


@pytest.mark.provision("BA-19a")
def test_several_are_claimed_at_once_and_the_page_says_how_many(world, liaison):
    _issue(world, 3)
    ids = list(Push.objects.filter(receiver=world.departments[0]).values_list("pk", flat=True))
    with clock.frozen(AT):
        answer = liaison.browser().post("/pushes/claim/", {"push": ids[:2], "next": "/pushes/"}, follow=True)
    assert "已认领 2 件" in answer.content.decode()
    assert Push.objects.filter(pk__in=ids, state=PushState.CLAIMED).count() == 2


def test_the_button_of_a_row_claims_only_that_row(world, liaison):
    _issue(world, 2)
    ids = list(Push.objects.filter(receiver=world.departments[0]).values_list("pk", flat=True))
    with clock.frozen(AT):
        liaison.browser().post("/pushes/claim/", {"push": ids, "only": ids[0]})
    assert Push.objects.get(pk=ids[0]).state == PushState.CLAIMED
    assert Push.objects.get(pk=ids[1]).state == PushState.WAITING


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_after_a_claim_nobody_is_sent_to_another_host(world, liaison, wanted):
    _issue(world, 1)
    push = world.push_to(world.departments[0])
    with clock.frozen(AT):
        answer = liaison.browser().post("/pushes/claim/", {"only": push.pk, "next": wanted})
    assert answer["Location"] == "/pushes/"


def test_claiming_nothing_says_what_to_do(world, liaison):
    with clock.frozen(AT):
        answer = liaison.browser().post("/pushes/claim/", {})
    assert answer.status_code == 409
    assert "请先勾选" in answer.content.decode()


def test_the_text_filter_finds_part_of_a_number_and_says_when_nothing_fits(world, liaison):
    _issue(world, 2)
    assert _get(liaison, "/pushes/?q=0501").content.decode().count("data-row") == 1
    assert "没有符合条件的推送" in _get(liaison, "/pushes/?q=没有这个").content.decode()


def test_the_colour_filter_divides_what_waits(world, liaison):
    _issue(world, 1)
    assert _get(liaison, "/pushes/?term=ok").content.decode().count("data-row") == 1
    assert _get(liaison, "/pushes/?term=today").content.decode().count("data-row") == 0
    last_day = moment("2026-10-19 08:00")
    assert _get(liaison, "/pushes/?term=today", at=last_day).content.decode().count("data-row") == 1


@pytest.mark.parametrize("address", ["?page=x", "?page=999", "?state=nonsense", "?term=nonsense", "?sender=9999999999999", "?sender=abc"])
def test_nonsense_in_the_address_is_harmless(world, liaison, address):
    _issue(world, 1)
    assert _get(liaison, f"/pushes/{address}").status_code == 200


def test_the_bureau_sees_what_waits_for_its_answer(world, liaison):
    _issue(world, 1)
    push = world.push_to(world.departments[0])
    with clock.frozen(AT):
        returns.give_back(actor=liaison.actor, push_id=push.pk, reason="not_our_duty", explanation="不属于本局监管职责")
    page = _get(world.drafter, "/pushes/?state=answer").content.decode()
    assert "退回待答 1" in page
    assert "退回待答" not in _get(liaison, "/pushes/?state=answer").content.decode()


def test_the_export_is_the_filtered_list_of_the_same_organ(world, liaison):
    _issue(world, 2)
    answer = _get(liaison, "/pushes.xlsx?q=0501")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [row[4] for row in rows] == ["石行审许〔2026〕0501号"]
    assert rows[0][6] == "市场监督管理局"


def test_somebody_without_sight_of_the_organ_is_told_so(world, liaison):
    OrganGrant.objects.filter(content_object=world.departments[0], permission__codename="view_matter").delete()
    assert _get(liaison, "/pushes/").status_code == 403


def test_a_claimed_push_leaves_the_list_at_once(world, liaison):
    _issue(world, 1)
    push = world.push_to(world.departments[0])
    with clock.frozen(AT):
        actions.claim(actor=liaison.actor, push_ids=[push.pk])
    assert "已认领 1" in _get(liaison, "/pushes/?state=claimed").content.decode()
    assert "没有要认领的推送" in _get(liaison, "/pushes/").content.decode()
