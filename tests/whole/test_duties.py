"""Duties of the source documents that no single room serves alone."""

from datetime import date

import pytest
from django.urls import reverse

from foundation.common import clock
from foundation.deadlines.models import Deadline, Term
from foundation.deadlines.queries import rulebook_on
from foundation.journal.models import Entry
from foundation.organizations.roles import ROLE_RIGHTS
from foundation.organizations.statuses import OrganKind, Role
from pushes.actions import claim
from pushes.models import Push
from pushes.statuses import PushState
from supervision import actions as supervision
from supervision.models import Task
from tests.factories import AT, liaison, moment, organ, person
from tests.whole.corridor import Corridor, corridor, maps


@pytest.mark.provision("SC-02")
def test_the_rules_of_a_county_govern_its_own_matters_only(shicheng: Corridor, baokang: Corridor) -> None:
    ours, theirs = shicheng.issue(1, at=AT), baokang.issue(1, at=AT)
    assert ours.rulebook.county == shicheng.world.county and theirs.rulebook.county == baokang.world.county
    dues = {row.county_id: row.last_day for row in Deadline.objects.filter(term__key="claim")}
    assert dues == {shicheng.world.county.pk: date(2026, 10, 19), baokang.world.county.pk: date(2026, 10, 15)}


@pytest.mark.provision("SC-03")
def test_the_department_in_charge_supervises_and_not_the_bureau(shicheng: Corridor) -> None:
    decision = shicheng.issue(1, at=AT)
    receivers = set(Push.objects.filter(payload_id=decision.pk).values_list("receiver_id", flat=True))
    assert receivers == {one.pk for one in shicheng.world.departments}
    assert not ROLE_RIGHTS[Role.SECTION_HEAD].own & {"work_task", "assign_task"}


@pytest.mark.provision("BA-04")
def test_an_organisation_authorised_by_law_supervises_like_a_department(baokang: Corridor) -> None:
    authorised = organ(baokang.world.county, "公用事业服务中心", kind=OrganKind.AUTHORISED)
    officer = person(Role.LIAISON, authorised)
    liaison(officer)
    maps(baokang.handling, authorised)
    decision = baokang.issue(1, at=AT)
    push = Push.objects.get(payload_id=decision.pk, receiver=authorised)
    assert [one.pk for one in claim(actor=officer.actor, push_ids=[push.pk]).claimed] == [push.pk]
    assert Task.objects.get(push=push).organ == authorised


def worked_through(place: Corridor) -> tuple[Task, Push]:
    """A decision claimed, supervised and fed back; the task and the push that carries its result."""
    push = place.push(place.issue(1, at=AT))
    actor = place.liaison().actor
    claim(actor=actor, push_ids=[push.pk])
    task = Task.objects.get(push=push)
    supervision.act(actor=actor, task_id=task.pk, first_action="view")
    supervision.finish(actor=actor, task_id=task.pk, finished_at=AT)
    supervision.feed_back(actor=actor, task_id=task.pk, outcome="normal", result_text="查看许可档案，与许可一致。")
    return task, Push.objects.get(kind="result")


@pytest.mark.provision("BA-18", "BA-20c")
def test_the_bureau_claims_what_is_pushed_back_within_three_working_days(baokang: Corridor) -> None:
    _, result = worked_through(baokang)
    owed = Deadline.objects.get(subject_id=result.pk, term__key="claim_back")
    assert (owed.organ, owed.last_day) == (baokang.world.bureau, date(2026, 10, 15))
    with clock.frozen(moment("2026-10-15 23:59")):
        claim(actor=baokang.clerk.actor, push_ids=[result.pk])
    owed.refresh_from_db()
    assert owed.state == "met" and owed.settled_at < owed.due_at


@pytest.mark.provision("BA-05")
def test_every_step_of_a_matter_leaves_who_did_it_and_when(baokang: Corridor) -> None:
    worked_through(baokang)
    steps = ["decision.draft", "decision.submit", "decision.issue", "push.claim", "task.act", "task.finish", "task.feed_back"]
    for verb in steps:
        row = Entry.objects.get(verb=verb)
        assert row.actor_name and row.organ_id and row.effective_at == AT, verb


@pytest.mark.provision("BS-15b", "BS-13b")
def test_what_is_overdue_is_seen_with_its_organ_and_the_person_who_answers_for_it(baokang: Corridor) -> None:
    place, first = baokang.world, baokang.world.departments[0]
    baokang.issue(1, at=AT)
    office = person(Role.OVERSIGHT, organ(place.county, "督查室", kind=OrganKind.OVERSIGHT_OFFICE))
    lead = place.who(first, Role.LIAISON_LEADER)
    lead.user.full_name, lead.user.office_phone = "主管副局长", "0710-5800001"
    lead.user.save()
    with clock.frozen(moment("2026-10-16 08:00")):
        for who in (office, place.who(first, Role.DEPARTMENT_LEADER)):
            shown = who.browser().get(reverse("overview")).content.decode()
            assert first.short_name in shown
            assert "主管副局长" in shown and "0710-5800001" in shown


@pytest.mark.provision("PT-42")
def test_discipline_inspection_reads_everything_and_changes_nothing() -> None:
    rights = ROLE_RIGHTS[Role.DISCIPLINE]
    assert rights.every == {"view_matter", "oversee", "view_journal"} and not rights.own


@pytest.mark.provision("SC-32", "BA-30")
@pytest.mark.parametrize("code", ["360735", "420626"])
def test_terms_of_higher_law_stand_in_every_rulebook_and_are_printed_as_such(db: None, code: str) -> None:
    place = corridor(code)
    book = rulebook_on(county_id=place.world.county.pk, day=AT.date())
    higher = Term.objects.filter(rulebook=book, authority="higher_law")
    assert {"certificate_delivery", "publication"} <= set(higher.values_list("key", flat=True))
    shown = place.clerk.browser().get(reverse("rules")).content.decode()
    assert all(term.article in shown for term in higher)


@pytest.mark.provision("SC-33")
def test_the_rules_are_in_force_from_the_day_they_were_printed(shicheng: Corridor) -> None:
    book = rulebook_on(county_id=shicheng.world.county.pk, day=date(2022, 9, 30))
    assert (book.valid_from, book.valid_to) == (date(2022, 9, 30), None)


@pytest.mark.provision("ZC-17a")
def test_in_zichuan_a_decision_goes_to_every_department_at_the_moment_of_its_issue(db: None) -> None:
    place = corridor("370302")
    decision = place.issue(1, at=AT)
    pushes = list(Push.objects.filter(payload_id=decision.pk))
    assert len(pushes) == len(place.world.departments) == 2
    assert all(push.pushed_at == decision.issued_at == AT and push.state == PushState.WAITING for push in pushes)
