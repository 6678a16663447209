"""Organs are opened, renamed, merged, split and abolished; what is past stays under the old name."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.common.hooks import Registry
from foundation.journal.models import Entry
from foundation.organizations import actions
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.actions import successions
from foundation.organizations.models import Liaison, Membership, Organ
from foundation.organizations.queries import active_liaisons
from foundation.organizations.statuses import Role
from tests.factories import START, World, console, credit_code, organ, person

ON = date(2026, 10, 12)
BEFORE = date(2026, 10, 11)


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[list[int], int, date, str]]]:
    """What a room that registered was told."""
    calls: list[tuple[list[int], int, date, str]] = []

    def listen(*, old_organ_ids: list[int], new: Organ, on: date, actor: Actor, at: datetime, document: str = "") -> int:
        calls.append((list(old_organ_ids), new.pk, on, document))
        return 7

    registry: Registry = Registry()
    registry.register("room", listen)
    monkeypatch.setattr(successions, "organ_succeeded", registry)
    yield calls


def test_merging_closes_the_old_and_tells_every_room(shicheng: World, told: list) -> None:
    first, second = shicheng.departments
    merged = organ(shicheng.county, "综合监管局")
    moved = actions.merge_organs(organs=[first, second], into=merged, on=ON, document="机构改革方案", actor=console(shicheng.county))
    assert moved == 7
    assert told == [(sorted([first.pk, second.pk]), merged.pk, ON, "机构改革方案")]
    for old in (first, second):
        old.refresh_from_db()
        assert (old.closed_on, old.successor_id) == (BEFORE, merged.pk)
        assert old.names.get().valid_to == BEFORE
        assert Entry.objects.filter(verb="organ.merge", subject_id=old.pk, reason="机构改革方案").count() == 1


def test_posts_and_liaison_entries_go_on_in_the_successor(shicheng: World) -> None:
    first, second = shicheng.departments
    who = shicheng.who(first, Role.LIAISON)
    actions.abolish_organ(organ=first, successor=second, on=ON, actor=console(shicheng.county))
    posts = Membership.objects.filter(user=who.user).order_by("valid_from")
    assert [(post.organ_id, post.valid_from, post.valid_to) for post in posts] == [(first.pk, START, BEFORE), (second.pk, ON, None)]
    entries = Liaison.objects.filter(user=who.user).order_by("valid_from")
    assert [(entry.organ_id, entry.valid_from, entry.valid_to) for entry in entries] == [(first.pk, START, BEFORE), (second.pk, ON, None)]
    assert not active_liaisons(organ_ids=[first.pk], on=ON).exists()
    assert active_liaisons(organ_ids=[second.pk], on=ON).count() == 4


def test_the_successor_answers_for_the_history_under_the_old_name(shicheng: World) -> None:
    first, second = shicheng.departments
    actions.abolish_organ(organ=first, successor=second, on=ON, actor=console(shicheng.county))
    heir = organ(shicheng.county, "综合监管局")
    actions.abolish_organ(organ=second, successor=heir, on=date(2026, 10, 12), actor=console(shicheng.county))
    actor = heir_actor(shicheng, second, heir)
    assert actor.organs("view_matter") == sorted([first.pk, second.pk, heir.pk])


def heir_actor(world: World, old: Organ, new: Organ) -> Actor:
    """The old organ's liaison, acting for the new organ."""
    acting = acting_for(user=world.who(old, Role.LIAISON).user, organ_id=new.pk, day=ON)
    assert acting is not None
    return actor_of(acting)


def test_a_post_that_would_begin_later_begins_in_the_successor(shicheng: World) -> None:
    first, second = shicheng.departments
    who = person(Role.INSPECTOR, first, since=date(2026, 11, 1))
    actions.abolish_organ(organ=first, successor=second, on=ON, actor=console(shicheng.county))
    post = Membership.objects.get(user=who.user)
    assert (post.organ_id, post.valid_from) == (second.pk, date(2026, 11, 1))


def test_splitting_sends_named_people_elsewhere(shicheng: World) -> None:
    first, second = shicheng.departments
    heir = organ(shicheng.county, "知识产权局")
    leaving, staying = shicheng.who(first, Role.INSPECTOR), shicheng.who(first, Role.LIAISON)
    actions.split_organ(organ=first, into=heir, people={leaving.user.pk: second}, on=ON, actor=console(shicheng.county))
    assert Membership.objects.get(user=leaving.user, valid_to=None).organ_id == second.pk
    assert Membership.objects.get(user=staying.user, valid_to=None).organ_id == heir.pk


def test_a_county_is_a_wall_for_successions_too(shicheng: World, baokang: World) -> None:
    with pytest.raises(Refused, match="同一个县"):
        actions.abolish_organ(organ=shicheng.departments[0], successor=baokang.departments[0], on=ON, actor=console(shicheng.county))


@pytest.mark.parametrize("on, words", [(date(2026, 10, 13), "生效当日"), (START, "晚于")])
def test_a_succession_is_entered_on_its_day_or_after(shicheng: World, on: date, words: str) -> None:
    first, second = shicheng.departments
    with pytest.raises(Refused, match=words):
        actions.abolish_organ(organ=first, successor=second, on=on, actor=console(shicheng.county))
    first.refresh_from_db()
    assert first.closed_on is None


def test_an_organ_does_not_end_twice_nor_follow_itself(shicheng: World) -> None:
    first, second = shicheng.departments
    with pytest.raises(Refused, match="本身"):
        actions.abolish_organ(organ=first, successor=first, on=ON, actor=console(shicheng.county))
    actions.abolish_organ(organ=first, successor=second, on=ON, actor=console(shicheng.county))
    with pytest.raises(Refused, match="已于"):
        actions.abolish_organ(organ=first, successor=second, on=ON, actor=console(shicheng.county))


def test_nobody_is_appointed_in_a_closed_organ(shicheng: World) -> None:
    first, second = shicheng.departments
    actions.abolish_organ(organ=first, successor=second, on=ON, actor=console(shicheng.county))
    first.refresh_from_db()
    with pytest.raises(Refused, match="撤销"):
        person(Role.LIAISON, first)


def test_subordinates_get_the_successor_as_superior(shicheng: World) -> None:
    first, second = shicheng.departments
    branch = organ(shicheng.county, "琴江所", superior=first)
    actions.abolish_organ(organ=first, successor=second, on=ON, actor=console(shicheng.county))
    branch.refresh_from_db()
    assert branch.superior_id == second.pk


def test_only_the_system_administrator_changes_organs(shicheng: World) -> None:
    first, second = shicheng.departments
    for actor in (shicheng.who(first, Role.DEPARTMENT_LEADER).actor, shicheng.officer(Role.SECURITY_ADMIN).actor):
        with pytest.raises(NotYours):
            actions.abolish_organ(organ=first, successor=second, on=ON, actor=actor)
    actions.abolish_organ(organ=first, successor=second, on=ON, actor=shicheng.officer(Role.SYSTEM_ADMIN).actor)


def test_a_new_name_counts_from_its_day_and_the_old_one_is_kept(shicheng: World) -> None:
    department = shicheng.departments[0]
    code = credit_code("11360735MB9Y99990")
    old = department.name
    actions.rename_organ(organ=department, name="石城县市场监管委", short_name="市监委", uscc=code, on=ON, actor=console(shicheng.county))
    names = department.names.order_by("valid_from")
    assert [(row.name, row.valid_from, row.valid_to) for row in names] == [(old, START, BEFORE), ("石城县市场监管委", ON, None)]
    department.refresh_from_db()
    assert (department.name, department.uscc) == ("石城县市场监管委", code)


def test_a_code_that_is_wrong_or_used_is_refused(shicheng: World) -> None:
    first, second = shicheng.departments
    for code, words in (("11360735MB9Y99990A", "校验位"), (second.uscc, "已由")):
        with pytest.raises(Refused, match=words):
            actions.rename_organ(organ=first, name="甲", short_name="甲", uscc=code, on=ON, actor=console(shicheng.county))
