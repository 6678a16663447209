"""A post gives rights on organs, from its first day to its last, both included."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from foundation.common import clock
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from foundation.organizations import actions
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.grants import role_group
from foundation.organizations.models import Membership, OrganGrant
from foundation.organizations.roles import OFFICERS, ROLE_RIGHTS
from foundation.organizations.statuses import OrganKind, Role
from tests.factories import START, World, console, organ, person, user

BUSINESS = {
    "claim_push",
    "record_decision",
    "issue_decision",
    "answer_return",
    "work_task",
    "assign_task",
    "manage_catalogue",
    "rule_duty",
    "view_matter",
}


def test_a_role_gives_its_rights_on_its_own_organ_only(shicheng: World) -> None:
    first, second = shicheng.departments
    actor = shicheng.who(first, Role.LIAISON).actor
    assert actor.may("claim_push", first.pk)
    assert not actor.may("claim_push", second.pk)
    assert not actor.may("record_decision", first.pk)


def test_the_bureau_claims_what_departments_push_back(shicheng: World) -> None:
    for role in (Role.WINDOW_CLERK, Role.SECTION_HEAD, Role.BUREAU_LEADER):
        assert shicheng.who(shicheng.bureau, role).actor.may("claim_push", shicheng.bureau.pk)


@pytest.mark.provision("PL-23a")
def test_a_county_role_reaches_every_organ_of_its_county_and_none_of_another(shicheng: World, baokang: World) -> None:
    office = organ(shicheng.county, "县政府督查室", kind=OrganKind.OVERSIGHT_OFFICE)
    actor = person(Role.OVERSIGHT, office).actor
    assert all(actor.may("order_oversight", one.pk) for one in [shicheng.bureau, *shicheng.departments])
    assert not any(actor.may("oversee", one.pk) for one in [baokang.bureau, *baokang.departments])


def test_a_new_organ_is_within_reach_of_county_roles_at_once(shicheng: World) -> None:
    auditor = shicheng.officer(Role.AUDITOR)
    added = organ(shicheng.county, "水务局")
    assert auditor.actor.may("view_journal", added.pk)


def test_a_right_taken_from_the_table_is_taken_from_the_group(shicheng: World) -> None:
    who = shicheng.who(shicheng.departments[0], Role.INSPECTOR)
    claim = OrganGrant.objects.filter(permission__codename="claim_push").first()
    assert claim is not None
    OrganGrant.objects.create(group=who.membership.group, permission=claim.permission, content_object=who.organ)
    assert who.actor.may("claim_push", who.organ.pk)
    actions.sync_county_grants(county_id=shicheng.county.pk)
    assert not who.actor.may("claim_push", who.organ.pk)


@pytest.mark.parametrize("days, held", [(-1, False), (0, True), (9, True), (10, False)])
def test_a_post_counts_from_its_first_day_to_its_last(shicheng: World, days: int, held: bool) -> None:
    first = date(2026, 11, 2)
    who = person(Role.LIAISON, shicheng.departments[0], since=first, until=first + timedelta(days=9))
    assert (acting_for(user=who.user, organ_id=None, day=first + timedelta(days=days)) is not None) is held


def test_the_three_officers_have_no_business_right() -> None:
    for role in OFFICERS:
        assert not (ROLE_RIGHTS[role].own | ROLE_RIGHTS[role].every) & BUSINESS


@pytest.mark.parametrize("held, wanted", [pair for pair in product((*OFFICERS, Role.LIAISON), repeat=2) if pair[0] != pair[1]])
def test_nobody_is_two_officers_or_an_officer_with_business(shicheng: World, held: str, wanted: str) -> None:
    department = shicheng.departments[0]
    who = person(held, department)
    with pytest.raises(Refused, match="三员分立"):
        person(wanted, department, who=who.user)
    with pytest.raises(IntegrityError, match="membership_officers_apart"), transaction.atomic():
        Membership.objects.create(
            user=who.user, organ=department, role=wanted, group=role_group(organ=department, role=wanted), valid_from=START
        )


def test_an_officer_may_take_a_business_post_the_day_after(shicheng: World) -> None:
    department = shicheng.departments[0]
    who = person(Role.AUDITOR, department, until=date(2026, 10, 12))
    person(Role.LIAISON, department, who=who.user, since=date(2026, 10, 13))
    assert Membership.objects.filter(user=who.user).count() == 2


def test_business_posts_of_one_person_may_meet(shicheng: World) -> None:
    first, second = shicheng.departments
    who = shicheng.who(first, Role.LIAISON)
    person(Role.INSPECTOR, second, who=who.user)
    acting = acting_for(user=who.user, organ_id=second.pk, day=clock.today())
    assert acting is not None
    assert actor_of(acting).organs("work_task") == [second.pk]


def test_the_same_post_twice_at_once_is_refused(shicheng: World) -> None:
    who = shicheng.who(shicheng.departments[0], Role.LIAISON)
    with pytest.raises(Refused, match="已在"):
        person(Role.LIAISON, who.organ, who=who.user, since=date(2026, 1, 1))


def test_an_account_belongs_to_one_county(shicheng: World, baokang: World) -> None:
    who = shicheng.who(shicheng.departments[0], Role.LIAISON)
    with pytest.raises(Refused, match="一个县"):
        person(Role.LIAISON, baokang.departments[0], who=who.user)


def test_a_post_that_such_an_organ_does_not_have_is_refused(shicheng: World) -> None:
    with pytest.raises(Refused, match="没有"):
        person(Role.BUREAU_LEADER, shicheng.departments[0])


def test_only_the_security_administrator_appoints_and_never_himself(shicheng: World) -> None:
    department, somebody = shicheng.departments[0], user()
    security = shicheng.officer(Role.SECURITY_ADMIN)
    for role in (Role.SYSTEM_ADMIN, Role.AUDITOR):
        with pytest.raises(NotYours):
            actions.appoint(user=somebody, organ=department, role=Role.LIAISON, valid_from=START, actor=shicheng.officer(role).actor)
    with pytest.raises(NotYours, match="自己"):
        actions.appoint(user=security.user, organ=department, role=Role.AUDITOR, valid_from=START, actor=security.actor)
    assert actions.appoint(user=somebody, organ=department, role=Role.LIAISON, valid_from=START, actor=security.actor).pk


def test_the_security_administrator_of_another_county_cannot_appoint(shicheng: World, baokang: World) -> None:
    with pytest.raises(NotYours):
        actions.appoint(
            user=user(),
            organ=shicheng.departments[0],
            role=Role.LIAISON,
            valid_from=START,
            actor=baokang.officer(Role.SECURITY_ADMIN).actor,
        )


def test_an_appointment_is_journaled(shicheng: World) -> None:
    post = actions.appoint(user=user(), organ=shicheng.bureau, role=Role.WINDOW_CLERK, valid_from=START, actor=console(shicheng.county))
    row = Entry.objects.get(verb="membership.appoint", subject_id=post.pk)
    assert row.after == {"user": post.user_id, "organ": shicheng.bureau.pk, "role": "window_clerk", "from": "2021-01-04", "to": None}
