"""Delivering the certificate of a grant: ten working days of the bureau from the day of the decision (higher law)."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals import actions, corrections, duties
from approvals.bulk import report_many
from approvals.models import Decision, Fulfilment
from approvals.statuses import CorrectionKind, DecisionKind, DutyKind, Intake
from foundation.common import clock
from foundation.common.errors import Missing, Refused
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import calendar_for_county
from foundation.deadlines.statuses import ClockState
from foundation.deadlines.words import chip_of
from foundation.journal.models import Entry
from tests.approvals.world import AT, World, make_world, moment

LAST_DAY = date(2026, 10, 26)
"""The tenth working day after Monday 12 October."""
NEXT = "2026-10-27 09:00"


def words_at(row: Deadline, at: datetime) -> str:
    return chip_of(row, at=at, calendar=calendar_for_county(row.county_id)).words


def running(decision: Decision, key: str = DutyKind.DELIVERY) -> Deadline:
    return Deadline.objects.get(subject_id=decision.pk, subject_type__model="decision", term__key=key)


def deliver(world: World, decision: Decision, day: date, at: datetime = AT, how: str = "window", note: str = "") -> Fulfilment:
    with clock.frozen(at):
        return duties.record_delivery(actor=world.drafter.actor, decision_id=decision.pk, delivered_on=day, how=how, note=note)


def test_issuing_a_grant_opens_the_clock_of_the_bureau(world: World) -> None:
    row = running(world.issued())
    assert (row.organ_id, row.day_zero, row.last_day, row.due_at) == (
        world.bureau.pk,
        date(2026, 10, 12),
        LAST_DAY,
        moment("2026-10-27 00:00"),
    )
    assert row.next_rung_at == moment("2026-10-22 09:00")


def test_the_day_on_the_paper_is_day_0_when_issued_later(world: World) -> None:
    row = running(world.issued(decided_on=date(2026, 10, 9)))
    assert (row.day_zero, row.last_day) == (date(2026, 10, 9), date(2026, 10, 22))  # Saturday 10 October is worked


def test_a_late_report_opens_a_clock_that_is_past_and_reminds_of_nothing(world: World) -> None:
    decision = actions.report(
        actor=world.drafter.actor, organ_id=world.bureau.pk, values=world.values(decided_on=date(2026, 8, 3), valid_to=None)
    )
    row = running(decision)
    assert (row.day_zero, row.last_day, row.state, row.next_rung_at) == (date(2026, 8, 3), date(2026, 8, 17), ClockState.RUNNING, None)
    assert "逾期" in words_at(row, AT)


def test_many_reports_open_their_clocks_in_as_many_statements_as_one(world: World) -> None:
    def cost(numbers: range) -> int:
        rows = [world.values(document_number=f"石行审许〔2026〕{number:04d}号", handling_item=None, item_text="不明") for number in numbers]
        with CaptureQueriesContext(connection) as queries:
            report_many(actor=world.drafter.actor, organ=world.bureau, rows=rows, at=AT)
        return sum("INSERT" in one["sql"] and '"deadlines_deadline"' in one["sql"] and "publi" not in one["sql"] for one in queries) - len(
            rows
        )

    assert cost(range(1, 2)) == cost(range(10, 14)) == 1  # each waits in the pen on a clock of its own besides
    assert Deadline.objects.filter(term__key=DutyKind.DELIVERY).count() == 5


def test_refusals_and_history_have_no_certificate_to_deliver(world: World) -> None:
    refusal = world.issued(kind=DecisionKind.REFUSAL)
    history = actions.report(
        actor=world.drafter.actor,
        organ_id=world.bureau.pk,
        values=world.values(document_number="石行审许〔2022〕0001号", decided_on=date(2022, 3, 7)),
        intake=Intake.HISTORY,
    )
    assert not Deadline.objects.filter(term__key=DutyKind.DELIVERY).exists()
    for decision, words in ((refusal, "没有证件"), (history, "历史补录")):
        with pytest.raises(Refused, match=words):
            deliver(world, decision, date(2026, 10, 12))


@pytest.mark.parametrize(
    ("at", "day", "words"),
    [
        ("2026-10-26 23:59", LAST_DAY, "按期送达"),
        (NEXT, LAST_DAY, "按期送达"),
        (NEXT, date(2026, 10, 27), "逾期 1 个工作日送达"),
        ("2026-10-27 00:00", date(2026, 10, 27), "逾期 1 个工作日送达"),
    ],
)
def test_the_day_stated_decides_whether_it_was_in_time(world: World, at: str, day: date, words: str) -> None:
    decision = world.issued()
    done = deliver(world, decision, day, moment(at))
    row = running(decision)
    assert row.state == ClockState.MET and row.settled_at == min(clock.end_of(day) - timedelta(microseconds=1), moment(at))
    assert words_at(row, moment(NEXT)) == words
    assert (done.done_on, done.recorded_at) == (day, moment(at))
    assert Entry.objects.get(verb="decision.deliver").after == {"on": day.isoformat(), "how": "window"}


def test_not_in_the_future_and_not_before_the_decision(world: World) -> None:
    decision = world.issued()
    with pytest.raises(Refused, match="不能晚于今天"):
        deliver(world, decision, date(2026, 10, 13))
    with pytest.raises(Refused, match="不能早于"):
        deliver(world, decision, date(2026, 10, 11))
    with pytest.raises(Refused, match="送达方式"):
        deliver(world, decision, date(2026, 10, 12), how="pigeon")
    with pytest.raises(Refused, match="涉密"):
        deliver(world, decision, date(2026, 10, 12), note="秘密★1年")
    assert running(decision).state == ClockState.RUNNING and not Fulfilment.objects.exists()


def test_the_same_again_changes_nothing_and_another_day_is_refused(world: World) -> None:
    decision = world.issued()
    first = deliver(world, decision, date(2026, 10, 12))
    assert deliver(world, decision, date(2026, 10, 12), moment("2026-10-14 09:00")) == first
    with pytest.raises(Refused, match="10月12日送达，窗口领取"):
        deliver(world, decision, date(2026, 10, 13), moment("2026-10-14 09:00"))
    assert Entry.objects.filter(verb="decision.deliver").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_records_once() -> None:
    with clock.frozen(AT):
        world = make_world()
        decision = world.issued()
        both, answers = Barrier(2), []

        def click() -> None:
            try:
                both.wait()
                done = duties.record_delivery(
                    actor=world.drafter.actor, decision_id=decision.pk, delivered_on=date(2026, 10, 12), how="post"
                )
                answers.append(done.pk)
            finally:
                connections.close_all()

        threads = [Thread(target=click) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [Fulfilment.objects.get().pk] * 2
    assert Entry.objects.filter(verb="decision.deliver").count() == 1


def test_voiding_cancels_what_was_owed_and_nothing_can_be_recorded(world: World) -> None:
    decision = world.issued()
    row = corrections.propose(actor=world.drafter.actor, decision_id=decision.pk, kind=CorrectionKind.VOID, reason="重复登记的决定")
    corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=True)
    assert {running(decision, key).state for key in DutyKind.values} == {ClockState.CANCELLED}
    with pytest.raises(Refused, match="作废"):
        deliver(world, decision, date(2026, 10, 12))


def test_other_organs_and_counties_do_not_find_it(world: World, other_county: World) -> None:
    decision = world.issued()
    for who in (world.liaisons[0], other_county.drafter):
        with pytest.raises(Missing):
            duties.record_delivery(actor=who.actor, decision_id=decision.pk, delivered_on=date(2026, 10, 12), how="post")
        fields = {"done_on": "2026-10-12", "how": "post"}
        assert who.browser().post(reverse("decision_deliver", args=[decision.pk]), fields).status_code == 404
    assert running(decision).state == ClockState.RUNNING


def test_the_page_offers_the_form_and_then_tells_it(world: World) -> None:
    decision, client = world.issued(), world.drafter.browser()
    page = reverse("decision_page", args=[decision.pk])
    shown = client.get(page).content.decode()
    assert f'href="{page}#certificate_delivery"' in shown and 'id="certificate_delivery"' in shown
    assert 'id="certificate_delivery"' not in world.liaisons[0].browser().get(page).content.decode()
    with clock.frozen(moment("2026-10-14 09:30")):
        fields = {"done_on": "2026-10-13", "how": "post", "note": "运单 1234"}
        assert client.post(reverse("decision_deliver", args=[decision.pk]), fields).status_code == 302
        shown = client.get(page).content.decode()
    assert 'id="certificate_delivery"' not in shown and 'id="publication"' in shown
    assert "证件已送达" in shown and "邮寄" in shown and "10月14日 09:30 补登" in shown and "按期送达" in shown and "运单 1234" in shown
    assert client.post(reverse("decision_deliver", args=[decision.pk]), {"done_on": "soon"}).status_code == 409
    assert Fulfilment.objects.count() == 1
