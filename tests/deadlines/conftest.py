"""A county with its rules and calendars, an organ that owes, and a person who may see what it owes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from foundation.common import clock
from foundation.deadlines.ground import lay_ground
from foundation.deadlines.models import Deadline, Rulebook, Term
from foundation.deadlines.starting import start
from foundation.organizations.models import County, Liaison, Membership, Organ, OrganGrant, User
from foundation.organizations.statuses import LiaisonKind, OrganKind, Role
from foundation.organizations.validators import credit_check_digit

NOON = datetime(2026, 10, 10, 10, 30, tzinfo=clock.ZONE)
"""A make-up Saturday: 调休上班."""


def moment(words: str) -> datetime:
    """An instant in Asia/Shanghai."""
    return datetime.fromisoformat(words).replace(tzinfo=clock.ZONE)


@dataclass
class World:
    """What a test of clocks needs."""

    county: County
    organ: Organ
    other: Organ
    user: User
    rulebook: Rulebook

    def term(self, key: str) -> Term:
        return Term.objects.select_related("rulebook").get(rulebook=self.rulebook, key=key)

    def clock(self, key: str, started: str, subject: int = 0, organ: Organ | None = None) -> Deadline:
        """A running clock of the term, about something of the organ."""
        self.subjects = getattr(self, "subjects", 0) + 1
        owes = organ or self.organ
        row = start(term=self.term(key), subject_model=Organ, subjects=[(subject or self.subjects, owes.pk)], started_at=moment(started))[0]
        return Deadline.objects.select_related("term__rulebook", "organ", "county", "subject_type").get(pk=row.pk)

    def client(self) -> Client:
        client = Client()
        client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        return client


def make_organ(county: County, name: str, number: int) -> Organ:
    body = f"11{county.code}{number:09d}"
    return Organ.objects.create(
        county=county, kind=OrganKind.DEPARTMENT, name=f"{county.name}{name}", short_name=name, uscc=body + credit_check_digit(body)
    )


def make_person(organ: Organ, username: str, role: Role, codename: str) -> User:
    user = User.objects.create(username=username, full_name="李慧")
    group = Group.objects.create(name=f"{organ.pk}-{username}")
    permission = Permission.objects.get(content_type__app_label="organizations", codename=codename)
    OrganGrant.objects.create(group=group, permission=permission, content_object=organ)
    Membership.objects.create(user=user, organ=organ, role=role, group=group, valid_from=NOON.date().replace(year=2020))
    return user


@pytest.fixture
def frozen() -> Iterator[Callable[[str], None]]:
    """The clock stands at NOON unless the test moves it."""
    stack: list[object] = []

    def freeze(words: str) -> None:
        context = clock.frozen(moment(words))
        context.__enter__()
        stack.append(context)

    freeze(NOON.isoformat(timespec="minutes")[:16])
    yield freeze
    for context in reversed(stack):
        context.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture
def world(db: None, frozen: Callable[[str], None]) -> World:
    """石城 under its rulebook, with two organs and a liaison officer of the first."""
    lay_ground(at=NOON)
    county = County.objects.get(code="360735")
    organ, other = make_organ(county, "市场监督管理局", 1), make_organ(county, "水利局", 2)
    user = make_person(organ, "lihui", Role.LIAISON, "view_matter")
    Liaison.objects.create(organ=organ, user=user, kind=LiaisonKind.OFFICER, valid_from=NOON.date().replace(year=2020))
    return World(county=county, organ=organ, other=other, user=user, rulebook=Rulebook.objects.get(key="shicheng-2022"))
