"""Publishing decisions: seven working days of the bureau from the day of the decision, for grants and refusals (higher law)."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from approvals import actions, duties
from approvals.models import Decision, Fulfilment
from approvals.statuses import DecisionKind, DutyKind, Intake
from foundation.common import clock
from foundation.common.errors import Missing, Refused
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import calendar_for_county
from foundation.deadlines.statuses import ClockState
from foundation.deadlines.words import chip_of
from foundation.journal.models import Entry
from tests.approvals.world import AT, World, moment

SITE = "信用中国（江西）"
LAST_DAY = date(2026, 10, 21)
"""The seventh working day after Monday 12 October."""


def words_at(row: Deadline, at: datetime) -> str:
    return chip_of(row, at=at, calendar=calendar_for_county(row.county_id)).words


def running(decision: Decision) -> Deadline:
    return Deadline.objects.get(subject_id=decision.pk, subject_type__model="decision", term__key=DutyKind.PUBLICATION)


def publish(world: World, decision: Decision, day: date, at: datetime = AT, where: str = SITE) -> Fulfilment:
    with clock.frozen(at):
        return duties.record_publication(actor=world.drafter.actor, decision_id=decision.pk, published_on=day, where=where)


@pytest.mark.parametrize("kind", DecisionKind.values)
def test_grants_and_refusals_are_both_to_be_published(world: World, kind: str) -> None:
    row = running(world.issued(kind=kind))
    assert (row.organ_id, row.day_zero, row.last_day) == (world.bureau.pk, date(2026, 10, 12), LAST_DAY)


def test_history_is_not(world: World) -> None:
    values = world.values(decided_on=date(2022, 3, 7))
    decision = actions.report(actor=world.drafter.actor, organ_id=world.bureau.pk, values=values, intake=Intake.HISTORY)
    assert not Deadline.objects.exists()
    with pytest.raises(Refused, match="历史补录"):
        publish(world, decision, date(2026, 10, 12))


@pytest.mark.parametrize(
    ("at", "day", "words"),
    [
        ("2026-10-21 23:59", LAST_DAY, "按期公示"),
        ("2026-10-22 09:00", LAST_DAY, "按期公示"),
        ("2026-10-22 00:00", date(2026, 10, 22), "逾期 1 个工作日公示"),
    ],
)
def test_the_day_stated_decides_whether_it_was_in_time(world: World, at: str, day: date, words: str) -> None:
    decision = world.issued()
    publish(world, decision, day, moment(at))
    row = running(decision)
    assert row.state == ClockState.MET and words_at(row, moment("2026-10-22 10:00")) == words
    assert Entry.objects.get(verb="decision.publish").effective_at == row.settled_at


def test_what_is_refused_changes_nothing(world: World, other_county: World) -> None:
    decision = world.issued()
    for day, where, words in (
        (date(2026, 10, 13), SITE, "不能晚于今天"),
        (date(2026, 10, 9), SITE, "不能早于"),
        (AT.date(), " ", "在哪里公示"),
    ):
        with pytest.raises(Refused, match=words):
            publish(world, decision, day, where=where)
    for who in (world.liaisons[0], other_county.drafter):
        with pytest.raises(Missing):
            duties.record_publication(actor=who.actor, decision_id=decision.pk, published_on=AT.date(), where=SITE)
        fields = {"done_on": "2026-10-12", "where": SITE}
        assert who.browser().post(reverse("decision_publish", args=[decision.pk]), fields).status_code == 404
    assert running(decision).state == ClockState.RUNNING and not Fulfilment.objects.exists()


def test_a_ticked_list_is_published_together_or_not_at_all(world: World) -> None:
    ones = [world.issued(document_number=f"石行审许〔2026〕05{number:02d}号") for number in range(3)]
    with clock.frozen(moment("2026-10-14 09:00")):
        late = world.issued(at=moment("2026-10-14 09:00"), document_number="石行审许〔2026〕0510号", decided_on=date(2026, 10, 14))
        with pytest.raises(Refused, match="0510号"):
            duties.record_publications(
                actor=world.drafter.actor, decision_ids=[one.pk for one in (*ones, late)], published_on=date(2026, 10, 13), where=SITE
            )
        assert not Fulfilment.objects.exists()
        client = world.drafter.browser()
        page = f"{reverse('decision_list')}?owed=publication"
        shown = client.get(page).content.decode()
        assert shown.count('name="decision"') == 4 and "一并登记公示" in shown
        fields = {"decision": [str(one.pk) for one in ones], "done_on": "2026-10-13", "where": SITE, "next": page}
        assert client.post(reverse("decisions_publish"), fields)["Location"] == page
        assert client.post(reverse("decisions_publish"), fields | {"next": "https://elsewhere.example/"})["Location"] == reverse(
            "decision_list"
        )
        left = client.get(page).content.decode()
    assert left.count('name="decision"') == 1 and late.document_number in left
    assert Fulfilment.objects.count() == Entry.objects.filter(verb="decision.publish").count() == 3


def test_a_department_is_not_offered_the_list_of_what_the_bureau_owes(world: World) -> None:
    world.issued()
    shown = world.liaisons[0].browser().get(f"{reverse('decision_list')}?owed=publication").content.decode()
    assert 'name="decision"' not in shown and "0407号" not in shown


def test_the_workbench_leads_to_the_place_where_it_is_registered(world: World) -> None:
    decision = world.issued()
    shown = world.drafter.browser().get(reverse("workbench")).content.decode()
    page = reverse("decision_page", args=[decision.pk])
    assert f"{page}#publication" in shown and f"{page}#certificate_delivery" in shown and "登记公示" in shown and "登记送达" in shown
