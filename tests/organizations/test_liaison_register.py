"""The liaison register: who speaks for an organ or a section, from when to when, with substitutes."""

from datetime import date

import pytest

from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from foundation.organizations import actions
from foundation.organizations.models import Liaison
from foundation.organizations.queries import active_liaisons, liaison_users_by_organ
from foundation.organizations.statuses import LiaisonKind, Role
from tests.factories import START, World, liaison, person, user


@pytest.mark.provision("SC-20b")
@pytest.mark.provision("BA-20a")
def test_officers_come_in_their_order_before_leads(shicheng: World) -> None:
    department = shicheng.departments[0]
    substitute = person(Role.LIAISON, department)
    liaison(substitute, order=1)
    entries = active_liaisons(organ_ids=[department.pk], on=date(2026, 10, 12))
    assert [(entry.kind, entry.order) for entry in entries] == [("officer", 0), ("officer", 1), ("lead", 0)]


@pytest.mark.provision("ZC-15")
def test_the_lead_stands_in_where_no_officer_is_on_duty(shicheng: World) -> None:
    department = shicheng.departments[0]
    lead, officer = shicheng.who(department, Role.LIAISON_LEADER), shicheng.who(department, Role.LIAISON)
    assert liaison_users_by_organ(organ_ids=[department.pk], on=date(2026, 10, 12)) == {department.pk: [officer.user.pk]}
    actions.end_liaison(entry=Liaison.objects.get(user=officer.user), last_day=date(2026, 10, 12), actor=lead.actor)
    assert liaison_users_by_organ(organ_ids=[department.pk], on=date(2026, 10, 12)) == {department.pk: [officer.user.pk]}
    assert liaison_users_by_organ(organ_ids=[department.pk], on=date(2026, 10, 13)) == {department.pk: [lead.user.pk]}


@pytest.mark.provision("SC-21a")
def test_a_section_of_the_bureau_has_its_own_officer(shicheng: World) -> None:
    head = shicheng.who(shicheng.bureau, Role.SECTION_HEAD)
    section = actions.add_section(organ=shicheng.bureau, name="市场准入股", actor=head.actor)
    entry = actions.register_liaison(
        organ=shicheng.bureau, section=section, user=head.user, kind=LiaisonKind.OFFICER, valid_from=START, actor=head.actor
    )
    assert list(section.liaisons.all()) == [entry]
    assert not active_liaisons(organ_ids=[shicheng.bureau.pk], on=date(2026, 10, 12)).exists()


def test_a_section_of_a_department_has_none(shicheng: World) -> None:
    lead = shicheng.who(shicheng.departments[0], Role.LIAISON_LEADER)
    section = actions.add_section(organ=lead.organ, name="食品股", actor=lead.actor)
    with pytest.raises(Refused, match="审批机关"):
        actions.register_liaison(organ=lead.organ, section=section, user=lead.user, kind="officer", valid_from=START, actor=lead.actor)


@pytest.mark.provision("SC-21b")
def test_the_register_is_kept_by_the_organ_and_every_change_is_journaled(shicheng: World) -> None:
    first, second = shicheng.departments
    lead, newcomer = shicheng.who(first, Role.LIAISON_LEADER), person(Role.LIAISON, first)
    entry = actions.register_liaison(organ=first, user=newcomer.user, kind="officer", order=1, valid_from=START, actor=lead.actor)
    actions.end_liaison(entry=entry, last_day=date(2026, 12, 31), actor=lead.actor, reason="轮岗")
    rows = Entry.objects.filter(subject_type="organizations.liaison", subject_id=entry.pk).order_by("id")
    assert [(row.verb, row.actor_id, row.reason) for row in rows] == [
        ("liaison.register", lead.user.pk, ""),
        ("liaison.end", lead.user.pk, "轮岗"),
    ]
    with pytest.raises(NotYours):
        actions.register_liaison(
            organ=second, user=shicheng.who(second, Role.INSPECTOR).user, kind="officer", valid_from=START, actor=lead.actor
        )


def test_who_has_no_post_in_the_organ_cannot_speak_for_it(shicheng: World) -> None:
    lead = shicheng.who(shicheng.departments[0], Role.LIAISON_LEADER)
    stranger = user()
    for somebody in (stranger, shicheng.who(shicheng.departments[1], Role.LIAISON).user):
        with pytest.raises(Refused, match="在任"):
            actions.register_liaison(organ=lead.organ, user=somebody, kind="officer", valid_from=START, actor=lead.actor)


def test_the_same_person_is_not_entered_twice_for_the_same_days(shicheng: World) -> None:
    lead, officer = (shicheng.who(shicheng.departments[0], role) for role in (Role.LIAISON_LEADER, Role.LIAISON))
    with pytest.raises(Refused, match="已登记"):
        actions.register_liaison(
            organ=lead.organ, user=officer.user, kind="officer", order=1, valid_from=date(2026, 11, 1), actor=lead.actor
        )


def test_a_liaison_cannot_change_the_register(shicheng: World) -> None:
    officer = shicheng.who(shicheng.departments[0], Role.LIAISON)
    with pytest.raises(NotYours):
        actions.end_liaison(entry=Liaison.objects.get(user=officer.user), last_day=date(2026, 10, 12), actor=officer.actor)


@pytest.mark.parametrize("registers", ["section", "lead", "nobody"])
def test_a_message_reaches_somebody_at_every_organ(shicheng: World, registers: str) -> None:
    """The bureau has officers of its sections only; an organ without a register is told through those who may claim."""
    bureau, head = shicheng.bureau, shicheng.who(shicheng.bureau, Role.SECTION_HEAD)
    leader, clerk = shicheng.who(bureau, Role.BUREAU_LEADER), shicheng.who(bureau, Role.WINDOW_CLERK)
    if registers != "nobody":
        liaison(leader, kind=LiaisonKind.LEAD)
    if registers == "section":
        liaison(head, section=actions.add_section(organ=bureau, name="市场准入股", actor=head.actor))
    told = liaison_users_by_organ(organ_ids=[bureau.pk], on=date(2026, 10, 12))[bureau.pk]
    everybody = {leader.user.pk, clerk.user.pk, head.user.pk}
    assert set(told) == {"section": {head.user.pk}, "lead": {leader.user.pk}, "nobody": everybody}[registers]
