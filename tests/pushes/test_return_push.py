"""A department says a push is not its own (E-05): back to the sender, held until answered, a second time to the duty ruling."""

from datetime import timedelta

import pytest

from foundation.common import clock
from foundation.common.errors import Missing, Refused
from foundation.deadlines import settling
from foundation.deadlines.models import Deadline
from foundation.notices.models import Notice
from pushes import actions, returns
from pushes.models import Push, PushReturn
from pushes.statuses import PushState
from tests.approvals.world import World, moment, organ, person

DUE = moment("2026-10-20 00:00")
WHY = "这一办理项由卫生健康局监管，见三定方案。"


def give_back(world: World, push: Push, **changes: object) -> PushReturn:
    values = {"reason": "not_our_duty", "explanation": WHY, "suggested_id": world.departments[1].pk} | changes
    return returns.give_back(actor=world.liaisons[0].actor, push_id=push.pk, **values)  # type: ignore[arg-type]


def clock_of(push: Push, key: str = "claim") -> Deadline:
    return Deadline.objects.filter(subject_id=push.pk, subject_type__model="push", term__key=key).latest("id")


@pytest.fixture
def push(world: World) -> Push:
    world.issued()
    return world.push_to(world.departments[0])


def test_a_return_holds_the_clock_and_starts_the_senders(world: World, push: Push) -> None:
    with clock.frozen(moment("2026-10-13 10:00")):
        row = give_back(world, push)
    push.refresh_from_db()
    assert (push.state, push.returns, row.suggested) == (PushState.RETURNED, 1, world.departments[1])
    assert clock_of(push).state == "held"
    answer = clock_of(push, "return_answer")
    assert (answer.organ, answer.state, answer.due_at) == (world.bureau, "running", moment("2026-10-15 00:00"))
    assert Notice.objects.filter(kind="push_returned", subject_id=push.pk).exists()


def test_nothing_lapses_while_the_sender_owes_an_answer(world: World, push: Push) -> None:
    give_back(world, push)
    with clock.frozen(DUE + timedelta(days=1)):
        assert settling.sweep(at=DUE + timedelta(days=1)) == 2, "only the two pushes that were not returned"
    push.refresh_from_db()
    assert push.state == PushState.RETURNED


def test_a_maintained_push_goes_on_with_its_old_clock(world: World, push: Push) -> None:
    with clock.frozen(moment("2026-10-13 10:00")):
        give_back(world, push)
    with clock.frozen(moment("2026-10-14 10:00")):
        returns.answer_return(actor=world.issuer.actor, push_id=push.pk, answer="confirmed", reason="目录已经确认。")
    push.refresh_from_db()
    assert push.state == PushState.WAITING
    assert (clock_of(push).state, clock_of(push).due_at) == ("running", DUE)
    assert (clock_of(push, "return_answer").state) == "met"


def test_a_late_answer_leaves_one_more_working_day(world: World, push: Push) -> None:
    """The end that passed while the sender was thinking becomes 24:00 of the next working day, with a line in the ledger."""
    with clock.frozen(moment("2026-10-19 15:00")):
        give_back(world, push)
    with clock.frozen(moment("2026-10-23 17:00")):
        returns.answer_return(actor=world.issuer.actor, push_id=push.pk, answer="confirmed", reason="目录已经确认。")
    assert clock_of(push).due_at == moment("2026-10-27 00:00"), "Monday 26 October"
    line = clock_of(push).adjustments.get(kind="release")
    assert (line.old_due_at, line.new_due_at) == (DUE, moment("2026-10-27 00:00"))


def test_a_reassigned_push_gets_a_clock_of_its_own(world: World, push: Push) -> None:
    other = organ(world.county, 21, "交通运输局")
    give_back(world, push)
    with clock.frozen(moment("2026-10-14 09:00")):
        new = returns.answer_return(actor=world.issuer.actor, push_id=push.pk, answer="reassigned", reason="属交通。", receiver_id=other.pk)
    push.refresh_from_db()
    assert (push.state, new.receiver, new.previous) == (PushState.REASSIGNED, other, push)
    assert clock_of(push).state == "cancelled"
    assert (clock_of(new).day_zero.isoformat(), clock_of(new).due_at) == ("2026-10-14", moment("2026-10-22 00:00"))
    assert new.versions.get().snapshot == push.versions.get().snapshot


@pytest.mark.provision("SC-20e")
def test_a_second_return_parks_the_push_for_the_staffing_office(world: World, push: Push) -> None:
    staffing = organ(world.county, 31, "县委编办", kind="staffing_office")
    ruler = person("ruler", "裁定人", world.departments[0], "staffing", ("rule_duty", "view_matter"))
    give_back(world, push)
    returns.answer_return(actor=world.issuer.actor, push_id=push.pk, answer="confirmed", reason="目录已经确认。")
    give_back(world, push)
    push.refresh_from_db()
    assert (push.state, push.returns) == (PushState.PARKED, 2)
    assert clock_of(push, "duty_ruling").organ == staffing
    with pytest.raises(Refused, match="职责裁定"):
        returns.answer_return(actor=world.issuer.actor, push_id=push.pk, answer="confirmed", reason="再次维持。")
    returns.rule_on(actor=ruler.actor, push_id=push.pk, answer="confirmed", reason="经裁定，由市场监督管理局监管。")
    push.refresh_from_db()
    assert push.state == PushState.WAITING
    assert clock_of(push, "duty_ruling").state == "met"


def test_after_the_moment_it_is_too_late_to_return(world: World, push: Push) -> None:
    with clock.frozen(DUE), pytest.raises(Refused, match="自动认领"):
        give_back(world, push)


def test_in_baokang_an_overdue_push_cannot_be_returned_either(baokang: World) -> None:
    baokang.issued()
    push = baokang.push_to(baokang.departments[0])
    with clock.frozen(moment("2026-10-16 00:00")), pytest.raises(Refused, match="期限已过"):
        give_back(baokang, push)


def test_a_claimed_push_cannot_be_returned(world: World, push: Push) -> None:
    actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    with pytest.raises(Refused, match="认领"):
        give_back(world, push)


@pytest.mark.parametrize("changes", [{"reason": "nonsense"}, {"explanation": "  "}, {"suggested_id": 999_999}])
def test_a_return_without_its_grounds_changes_nothing(world: World, push: Push, changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        give_back(world, push, **changes)
    push.refresh_from_db()
    assert push.state == PushState.WAITING
    assert clock_of(push).state == "running"
    assert not PushReturn.objects.exists()


def test_only_the_sender_answers(world: World, push: Push) -> None:
    give_back(world, push)
    with pytest.raises(Missing):
        returns.answer_return(actor=world.liaisons[1].actor, push_id=push.pk, answer="confirmed", reason="我来答复。")
