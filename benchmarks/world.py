"""The county that the benchmarks are about: a bureau, thirty departments, an oversight office, and the people they need."""

from datetime import date, datetime

from django.core.management import call_command

from catalogue.models import HandlingItem, Item, Mapping, Power, SupervisionItem
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines.ground import COUNTIES, rulebook_folder
from foundation.deadlines.loading import load_rulebooks
from foundation.organizations import actions
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.models import County, Liaison, Organ, User
from foundation.organizations.statuses import LiaisonKind, OrganKind, Role
from foundation.organizations.validators import credit_check_digit
from parties.models import Party

CODE = "360735"
SINCE = date(2021, 1, 4)
DEPARTMENTS = 30
MAPPED = 3
"""Departments that supervise the one handling item: an issue makes this many pushes."""


def make_world() -> None:
    """Lay the ground. Everything is found again by user name and short name, so that copies need no ids handed on."""
    county = County.objects.create(**next(one for one in COUNTIES if one["code"] == CODE))
    call_command("load_calendars", verbosity=0)
    file = next(rulebook_folder().glob("shicheng-*.yaml"))
    load_rulebooks(files=[(file.name, file.read_text(encoding="utf-8"))], at=datetime(2022, 9, 30, 9, tzinfo=clock.ZONE))
    bureau = _organ(county, "审批局", OrganKind.APPROVAL_BUREAU, 1)
    office = _organ(county, "督查室", OrganKind.OVERSIGHT_OFFICE, 2)
    departments = [_organ(county, f"部门{number:02d}", OrganKind.DEPARTMENT, 10 + number) for number in range(1, DEPARTMENTS + 1)]
    founder = _founder(county, [bureau, office, *departments])
    _person(founder, "clerk", bureau, Role.WINDOW_CLERK)
    _person(founder, "head", bureau, Role.SECTION_HEAD)
    _person(founder, "oversight", office, Role.OVERSIGHT)
    for number, organ in enumerate(departments, start=1):
        officer = _person(founder, f"officer{number:02d}", organ, Role.LIAISON)
        lead = _person(founder, f"lead{number:02d}", organ, Role.LIAISON_LEADER)
        Liaison.objects.create(organ=organ, user=officer, kind=LiaisonKind.OFFICER, valid_from=SINCE)
        Liaison.objects.create(organ=organ, user=lead, kind=LiaisonKind.LEAD, valid_from=SINCE)
    _catalogue(county, bureau, departments[:MAPPED])
    Party.objects.create(
        county=county,
        kind="legal",
        name="某餐饮管理有限公司",
        uscc=_code("91", "MAYY02010"),
        contact="某某",
        phone="19000000011",
        address="某镇某路 18 号",
    )


def person(username: str) -> User:
    """Somebody of the county."""
    return User.objects.get(username=username)


def actor(username: str, *, on: date) -> Actor:
    """The person as an actor, with the rights of the post, as a request has them."""
    acting = acting_for(user=person(username), organ_id=None, day=on)
    if acting is None:
        raise LookupError(username)
    return actor_of(acting)


def _code(prefix: str, body: str) -> str:
    return (text := f"{prefix}{CODE}{body}") + credit_check_digit(text)


def _organ(county: County, name: str, kind: str, number: int) -> Organ:
    return Organ.objects.create(
        county=county, kind=kind, name=county.name + name, short_name=name, sort_key=f"{number:03d}", uscc=_code("11", f"MB9Y{number:04d}0")
    )


def _founder(county: County, organs: list[Organ]) -> Actor:
    rights = frozenset(organ.pk for organ in organs)
    return Actor(county_id=county.pk, client="command", rights={"manage_security": rights, "manage_accounts": rights})


def _person(founder: Actor, username: str, organ: Organ, role: str) -> User:
    user = User.objects.create(username=username, full_name=username, office_phone="0797-5700001")
    actions.appoint(actor=founder, user=user, organ=organ, role=role, valid_from=SINCE)
    return user


def _catalogue(county: County, bureau: Organ, departments: list[Organ]) -> None:
    item = Item.objects.create(county=county, name="食品经营许可", bureau=bureau, valid_from=SINCE)
    handling = HandlingItem.objects.create(item=item, name="新办", valid_from=SINCE)
    Power.objects.create(organ=bureau, item=item, verb="decide", valid_from=SINCE)
    for organ in departments:
        matter = SupervisionItem.objects.create(county=county, organ=organ, name="对食品经营者的监督检查", mode="K")
        Mapping.objects.create(handling_item=handling, organ=organ, supervision_item=matter, valid_from=SINCE)
