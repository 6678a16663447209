"""A leaver's open work is handed over before the post ends."""

from collections.abc import Iterator
from datetime import date

import pytest

from foundation.common import hooks
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.organizations import actions
from foundation.organizations.acting import acting_for
from foundation.organizations.models import Liaison, Membership
from foundation.organizations.statuses import Role
from tests.factories import Person, World, person

LAST = date(2026, 10, 12)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[int, int]]:
    """A room in which people have work: person → pieces."""
    work: dict[int, int] = {}

    def open_work_of(*, user_id: int, organ_id: int) -> list[hooks.OpenWork]:
        return [hooks.OpenWork(kind="监管任务", subject_id=number, title="演示") for number in range(work.get(user_id, 0))]

    def hand_over(*, user_id: int, organ_id: int, to_user_id: int, actor: Actor) -> int:
        moved = work.pop(user_id, 0)
        work[to_user_id] = work.get(to_user_id, 0) + moved
        return moved

    monkeypatch.setattr(hooks, "open_work_of", hooks.Registry())
    monkeypatch.setattr(hooks, "hand_over_work", hooks.Registry())
    hooks.open_work_of.register("desk", open_work_of)
    hooks.hand_over_work.register("desk", hand_over)
    yield work


def end(world: World, who: Person, successor: Person | None = None, last_day: date = LAST) -> int:
    """The system administrator ends the post."""
    return actions.end_membership(
        membership=who.membership,
        last_day=last_day,
        successor=successor.user if successor else None,
        actor=world.officer(Role.SYSTEM_ADMIN).actor,
    )


def test_a_post_with_open_work_does_not_end_without_a_successor(shicheng: World, desk: dict[int, int]) -> None:
    who = shicheng.who(shicheng.departments[0], Role.LIAISON)
    desk[who.user.pk] = 3
    with pytest.raises(Refused, match="监管任务 3 件"):
        end(shicheng, who)
    who.membership.refresh_from_db()
    assert who.membership.valid_to is None


def test_the_work_goes_to_the_successor(shicheng: World, desk: dict[int, int]) -> None:
    department = shicheng.departments[0]
    who, heir = shicheng.who(department, Role.LIAISON), shicheng.who(department, Role.INSPECTOR)
    desk[who.user.pk] = 3
    assert end(shicheng, who, heir) == 3
    assert desk == {heir.user.pk: 3}
    assert acting_for(user=who.user, organ_id=None, day=LAST) is not None
    assert acting_for(user=who.user, organ_id=None, day=date(2026, 10, 13)) is None


def test_somebody_of_another_organ_cannot_take_over(shicheng: World, desk: dict[int, int]) -> None:
    first, second = shicheng.departments
    who = shicheng.who(first, Role.LIAISON)
    desk[who.user.pk] = 1
    with pytest.raises(Refused, match="接手人"):
        end(shicheng, who, shicheng.who(second, Role.LIAISON))
    assert desk == {who.user.pk: 1}


def test_somebody_who_leaves_the_same_day_cannot_take_over(shicheng: World, desk: dict[int, int]) -> None:
    department = shicheng.departments[0]
    who = shicheng.who(department, Role.LIAISON)
    desk[who.user.pk] = 1
    with pytest.raises(Refused, match="接手人"):
        end(shicheng, who, person(Role.INSPECTOR, department, until=LAST))


def test_who_keeps_another_post_in_the_organ_keeps_the_work(shicheng: World, desk: dict[int, int]) -> None:
    department = shicheng.departments[0]
    who = shicheng.who(department, Role.LIAISON)
    person(Role.INSPECTOR, department, who=who.user)
    desk[who.user.pk] = 2
    assert end(shicheng, who) == 0
    assert desk == {who.user.pk: 2}
    assert Liaison.objects.get(user=who.user).valid_to is None


def test_the_liaison_entry_ends_with_the_post(shicheng: World) -> None:
    who = shicheng.who(shicheng.departments[0], Role.LIAISON)
    end(shicheng, who)
    assert Liaison.objects.get(user=who.user).valid_to == LAST


def test_a_post_does_not_end_before_it_began_nor_twice(shicheng: World) -> None:
    who = shicheng.who(shicheng.departments[0], Role.INSPECTOR)
    with pytest.raises(Refused, match="不能早于"):
        end(shicheng, who, last_day=date(2020, 1, 1))
    end(shicheng, who)
    with pytest.raises(Refused, match="已于"):
        end(shicheng, who)


def test_a_leader_of_the_department_cannot_end_posts(shicheng: World) -> None:
    department = shicheng.departments[0]
    with pytest.raises(NotYours):
        actions.end_membership(
            membership=shicheng.who(department, Role.INSPECTOR).membership,
            last_day=LAST,
            actor=shicheng.who(department, Role.DEPARTMENT_LEADER).actor,
        )
    assert Membership.objects.get(pk=shicheng.who(department, Role.INSPECTOR).membership.pk).valid_to is None
