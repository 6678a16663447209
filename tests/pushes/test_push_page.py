"""The page of one push: what was told, and the acts of the organs at its two ends."""

import pytest

from foundation.common import clock
from pushes.models import Push
from pushes.statuses import PushState
from tests.approvals.world import AT, make_world, moment

WHY = "门店位于县医院内，应由卫生健康局监管"


@pytest.fixture
def world(db):
    found = make_world()
    found.issued()
    return found


@pytest.fixture
def liaison(world):
    return world.liaisons[0]


@pytest.fixture
def push(world):
    return world.push_to(world.departments[0])


def _get(person, address, at=AT, **headers):
    with clock.frozen(at):
        return person.browser().get(address, **headers)


def _post(person, address, data, at=AT):
    with clock.frozen(at):
        return person.browser().post(address, data, follow=True)


def _give_back(world, push, **changes):
    data = {"reason": "not_our_duty", "explanation": WHY, "suggested": world.departments[1].pk} | changes
    return _post(world.liaisons[0], f"/pushes/{push.pk}/return/", data)


@pytest.mark.provision("BA-19b")
def test_the_eight_fields_stand_in_their_fixed_order(liaison, push):
    page = _get(liaison, f"/pushes/{push.pk}/").content.decode()
    order = ["事项名称", "法律文书编号", "行政相对人名称", "联系方式", "地址", "许可日期", "有效期", "许可内容"]
    places = [page.index(f"<dt>{one}</dt>") for one in order]
    assert places == sorted(places)
    assert "<dd>2026年10月12日</dd>" in page
    assert "<dd>至 2031年10月11日</dd>" in page


def test_only_the_receivers_first_look_is_remembered(world, liaison, push):
    _get(world.drafter, f"/pushes/{push.pk}/")
    push.refresh_from_db()
    assert push.first_read_at is None
    _get(liaison, f"/pushes/{push.pk}/")
    _get(liaison, f"/pushes/{push.pk}/", at=moment("2026-10-13 09:00"))
    push.refresh_from_db()
    assert push.first_read_at == AT


def test_beside_the_list_comes_the_fragment_alone(liaison, push):
    page = _get(liaison, f"/pushes/{push.pk}/", headers={"HX-Request": "true", "HX-Target": "preview"}).content.decode()
    assert "<html" not in page
    assert "认领" in page


def test_a_return_with_reason_and_organ_goes_to_the_bureau(world, push):
    page = _give_back(world, push).content.decode()
    assert "已退回，等发送单位答复" in page
    push.refresh_from_db()
    assert push.state == PushState.RETURNED
    assert push.push_returns.get().suggested == world.departments[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"reason": ""}, "请选择退回的理由"), ({"explanation": "不是"}, "至少 5 个字，现在 2 个字"), ({"explanation": ""}, "请写明职责依据")],
)
def test_an_incomplete_return_says_what_is_missing_and_changes_nothing(world, push, changes, words):
    answer = _give_back(world, push, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    push.refresh_from_db()
    assert push.state == PushState.WAITING


def test_an_organ_of_another_county_cannot_be_suggested(world, push):
    elsewhere = make_world("420626")
    answer = _give_back(world, push, suggested=elsewhere.departments[0].pk)
    assert answer.status_code == 422
    assert not push.push_returns.exists()


def test_the_bureau_reassigns_and_a_new_push_stands(world, push):
    from foundation.organizations.models import Organ
    from tests.approvals.world import organ

    fresh: Organ = organ(world.county, 19, "交通运输局")
    _give_back(world, push)
    page = _post(world.drafter, f"/pushes/{push.pk}/answer/", {"answer": "reassigned", "receiver": fresh.pk, "reason": "应由交通部门监管"})
    assert "已改派给交通运输局" in page.content.decode()
    push.refresh_from_db()
    assert push.state == PushState.REASSIGNED
    assert Push.objects.get(previous=push).receiver == fresh


def test_the_bureau_maintains_and_the_department_owes_it_again(world, push):
    _give_back(world, push)
    page = _post(world.drafter, f"/pushes/{push.pk}/answer/", {"answer": "confirmed", "reason": "三定规定明确由贵局监管"})
    assert "已维持原推送" in page.content.decode()
    push.refresh_from_db()
    assert push.state == PushState.WAITING


def test_a_reassignment_without_an_organ_is_not_sent(world, push):
    _give_back(world, push)
    answer = _post(world.drafter, f"/pushes/{push.pk}/answer/", {"answer": "reassigned", "reason": "请办"})
    assert answer.status_code == 422
    assert "请选择由哪个单位监管" in answer.content.decode()


def test_the_receiver_cannot_answer_its_own_return(world, liaison, push):
    _give_back(world, push)
    answer = _post(liaison, f"/pushes/{push.pk}/answer/", {"answer": "confirmed", "reason": "我们自己答复"})
    assert answer.status_code == 404
    push.refresh_from_db()
    assert push.state == PushState.RETURNED


def test_the_sender_withdraws_with_a_reason(world, liaison, push):
    assert _post(world.drafter, f"/pushes/{push.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert "已撤回" in _post(world.drafter, f"/pushes/{push.pk}/withdraw/", {"reason": "推送对象有误"}).content.decode()
    push.refresh_from_db()
    assert push.state == PushState.WITHDRAWN
    assert "不再需要办理" in _get(liaison, f"/pushes/{push.pk}/").content.decode()


@pytest.mark.provision("SC-26c")
def test_after_the_moment_the_page_says_that_the_clock_has_claimed(liaison, push):
    page = _get(liaison, f"/pushes/{push.pk}/", at=moment("2026-10-20 00:00")).content.decode()
    assert "已由系统自动认领" in page
    assert "10月19日（一）24:00" in page
    assert 'data-act="claim"' not in page


def test_a_claim_that_comes_too_late_is_told_when_the_clock_claimed(liaison, push):
    answer = _post(liaison, "/pushes/claim/", {"only": push.pk}, at=moment("2026-10-20 00:00"))
    assert "没有认领：这件推送已于10月19日 24:00" in answer.content.decode()
    push.refresh_from_db()
    assert push.state == PushState.AUTO_CLAIMED
