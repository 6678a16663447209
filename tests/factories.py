"""Small worlds made by the acts of the portal itself: counties, organs, people with posts, the liaison register.

Plain functions with sensible defaults; every name is invented and every code is valid in form. Rooms add what they carry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.test import Client

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines.ground import COUNTIES, lay_ground
from foundation.deadlines.models import Rulebook
from foundation.organizations import actions
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.models import County, Liaison, Membership, Organ, Section, User
from foundation.organizations.statuses import LiaisonKind, OrganKind, Role
from foundation.organizations.validators import credit_check_digit

START = date(2021, 1, 4)
AT = datetime(2026, 10, 12, 10, 0, tzinfo=clock.ZONE)
"""A Monday; the following working days are 13, 14, 15, 16 and 19 October."""
PASSWORD = "correct-horse-battery"

_numbers = count(1)


def moment(text: str) -> datetime:
    """`2026-10-12 10:00` in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


@contextmanager
def frozen_at(text: str) -> Iterator[datetime]:
    """Stop the clock at a moment written in Asia/Shanghai."""
    at = moment(text)
    with clock.frozen(at):
        yield at


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a post."""

    user: User
    organ: Organ
    membership: Membership

    @property
    def actor(self) -> Actor:
        """The person acting for the organ today, with the rights that the role really gives."""
        acting = acting_for(user=self.user, organ_id=self.organ.pk, day=clock.today())
        assert acting is not None, f"{self.user} has no post today"
        return actor_of(acting)

    def browser(self) -> Client:
        """A browser in which the person is signed in."""
        return client_of(self.user)


@dataclass(slots=True, kw_only=True)
class World:
    """A county: a bureau with its people, and departments each with lead, officer, inspector and leader, by role."""

    county: County
    bureau: Organ
    departments: list[Organ]
    platform: Organ
    people: dict[tuple[int, str], Person] = field(default_factory=dict)

    def who(self, organ: Organ, role: str) -> Person:
        """The person who holds a role in an organ."""
        return self.people[organ.pk, role]

    def officer(self, role: str) -> Person:
        """One of the three officers."""
        return self.people[self.platform.pk, role]


def console(county: County) -> Actor:
    """The actor of a management command."""
    return Actor(county_id=county.pk, client="command", name="命令")


def county(code: str = "360735", *, ground: bool = True) -> County:
    """A county under its shipped rulebook and calendar; without `ground` only the county, for tests that count no days."""
    if ground and not Rulebook.objects.filter(county__code=code).exists():
        lay_ground(at=moment("2026-01-05 09:00"))
    return County.objects.get_or_create(code=code, defaults=next(one for one in COUNTIES if one["code"] == code))[0]


def credit_code(body: str) -> str:
    """A unified social credit code from its first 17 characters."""
    return body + credit_check_digit(body)


def organ(of: County, name: str, *, kind: str = OrganKind.DEPARTMENT, superior: Organ | None = None) -> Organ:
    """An organ of a county, open since START."""
    return actions.open_organ(
        county=of,
        kind=kind,
        name=of.name + name,
        short_name=name,
        uscc=credit_code(f"11{of.code}MB9Y{next(_numbers) % 10_000:04d}0"),
        opened_on=START,
        superior=superior,
        duty_phone="0797-5700000",
        actor=console(of),
    )


@cache
def _hashed_password() -> str:
    """Hashing is slow on purpose; once is enough."""
    return make_password(PASSWORD)


def user(name: str = "李慧", *, username: str = "", is_demo: bool = False) -> User:
    """An account without a post. Its password is PASSWORD, chosen by the person today."""
    found = User(username=username or f"u{next(_numbers)}", full_name=name, office_phone="0797-5700001", is_demo=is_demo)
    found.password = _hashed_password()
    found.password_changed_at = clock.now()
    found.save()
    return found


def person(
    role: str, at_organ: Organ, *, name: str = "李慧", who: User | None = None, since: date = START, until: date | None = None
) -> Person:
    """Somebody appointed to a post."""
    holder = who or user(name)
    post = actions.appoint(user=holder, organ=at_organ, role=role, valid_from=since, valid_to=until, actor=console(at_organ.county))
    return Person(user=holder, organ=at_organ, membership=post)


def liaison(
    who: Person, *, kind: str = LiaisonKind.OFFICER, order: int = 0, since: date = START, section: Section | None = None
) -> Liaison:
    """An entry of the liaison register."""
    return actions.register_liaison(
        organ=who.organ, user=who.user, kind=kind, order=order, section=section, valid_from=since, actor=console(who.organ.county)
    )


def client_of(who: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def world(code: str = "360735", *, ground: bool = True) -> World:
    """A small county with somebody in every post, appointed and registered by the acts of the portal."""
    place = county(code, ground=ground)
    bureau = organ(place, "行政审批局", kind=OrganKind.APPROVAL_BUREAU)
    departments = [organ(place, name) for name in ("市场监督管理局", "卫生健康局")]
    platform = organ(place, "审管联动门户运行中心", kind=OrganKind.PLATFORM)
    found = World(county=place, bureau=bureau, departments=departments, platform=platform)
    for role in (Role.WINDOW_CLERK, Role.SECTION_HEAD, Role.BUREAU_LEADER):
        found.people[bureau.pk, role] = person(role, bureau)
    for department in departments:
        for role in (Role.LIAISON, Role.LIAISON_LEADER, Role.INSPECTOR, Role.DEPARTMENT_LEADER):
            found.people[department.pk, role] = person(role, department)
        liaison(found.who(department, Role.LIAISON))
        liaison(found.who(department, Role.LIAISON_LEADER), kind=LiaisonKind.LEAD)
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
        found.people[platform.pk, role] = person(role, platform)
    return found
