"""Two counties under their own rules: a bureau that decides and departments that supervise, with the people of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client

from approvals import actions
from approvals.models import Decision
from catalogue.models import HandlingItem, Item, Mapping, Power, SupervisionItem
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines.ground import COUNTIES, rulebook_folder
from foundation.deadlines.loading import load_rulebooks
from foundation.organizations.models import County, Liaison, Membership, Organ, OrganGrant, User
from foundation.organizations.validators import credit_check_digit
from foundation.workdays.models import CalendarYear
from parties.models import Party
from pushes.models import Push

AT = datetime(2026, 10, 12, 10, 0, tzinfo=clock.ZONE)
"""A Monday; the following working days are 13, 14, 15, 16 and 19 October."""
START = date(2021, 1, 1)
RULEBOOKS = {"360735": "shicheng", "420626": "baokang"}
BUREAU_RIGHTS = ("view_matter", "record_decision", "answer_return", "claim_push", "reveal_person")
DEPARTMENT_RIGHTS = ("view_matter", "claim_push", "work_task", "assign_task", "reveal_person")


def moment(text: str) -> datetime:
    """`2026-10-12 10:00` in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


@dataclass
class Person:
    """Somebody with a post, as a user and as an actor."""

    user: User
    actor: Actor

    def browser(self) -> Client:
        """A browser in which the person is signed in."""
        client = Client(HTTP_HOST="localhost")
        client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        return client


@dataclass
class World:
    """A county with its organs, people and one handling item that three departments supervise."""

    county: County
    bureau: Organ
    departments: list[Organ]
    handling: HandlingItem
    drafter: Person
    issuer: Person
    liaisons: list[Person]
    party: Party
    people: list[Person] = field(default_factory=list)

    def values(self, **changes: Any) -> dict[str, Any]:
        """What a clerk fills in for a decision that can be issued."""
        found = {
            "handling_item": self.handling,
            "party": self.party,
            "party_contact": "温某 19000000011",
            "document_number": "石行审许〔2026〕0407号",
            "title": "准予行政许可决定书",
            "content": "热食类食品制售；自制饮品制售",
            "decided_on": date(2026, 10, 12),
            "valid_to": date(2031, 10, 11),
        }
        return found | changes

    def submitted(self, **changes: Any) -> Decision:
        """A decision waiting for its issue."""
        decision = actions.draft(actor=self.drafter.actor, organ_id=self.bureau.pk, values=self.values(**changes))
        return actions.submit(actor=self.drafter.actor, decision_id=decision.pk)

    def issued(self, at: datetime = AT, **changes: Any) -> Decision:
        """A decision issued, and so pushed, at the instant `at`."""
        with clock.frozen(at):
            return actions.issue(actor=self.issuer.actor, decision_id=self.submitted(**changes).pk)

    def push_to(self, organ: Organ) -> Push:
        """The latest push that the organ received."""
        return Push.objects.filter(receiver=organ).latest("id")


def organ(county: County, number: int, name: str, kind: str = "department") -> Organ:
    """An organ of the county with a valid code."""
    body = f"11{county.code}MB9Y{number:04d}0"
    return Organ.objects.create(
        county=county, kind=kind, name=county.name + name, short_name=name, uscc=body + credit_check_digit(body), duty_phone="0797-5700000"
    )


def person(username: str, name: str, at_organ: Organ, role: str, rights: Sequence[str]) -> Person:
    """Somebody with a post at an organ and rights on it."""
    user = User.objects.create(username=username, full_name=name, office_phone="0797-5700001")
    group = Group.objects.create(name=f"{role}@{at_organ.pk}:{username}")
    permissions = Permission.objects.filter(codename__in=rights, content_type__app_label="organizations")
    OrganGrant.objects.bulk_create(OrganGrant(group=group, permission=one, content_object=at_organ) for one in permissions)
    Membership.objects.create(user=user, organ=at_organ, role=role, group=group, valid_from=START)
    actor = Actor(
        county_id=at_organ.county_id,
        client="web",
        user_id=user.pk,
        name=name,
        organ_id=at_organ.pk,
        rights={right: frozenset({at_organ.pk}) for right in rights},
    )
    return Person(user, actor)


def make_world(code: str = "360735") -> World:
    """A county with a bureau, three departments and somebody in every post."""
    county = _ground(code)
    bureau = organ(county, 1, "行政审批局", kind="approval_bureau")
    departments = [organ(county, number, name) for number, name in ((7, "市场监督管理局"), (11, "卫生健康局"), (15, "住房和城乡建设局"))]
    item = Item.objects.create(county=county, name="食品经营许可", bureau=bureau, valid_from=START)
    handling = HandlingItem.objects.create(item=item, name="新办（餐饮服务）", valid_from=START)
    Power.objects.create(organ=bureau, item=item, verb="decide", valid_from=START)
    liaisons = []
    for number, department in enumerate(departments):
        matter = SupervisionItem.objects.create(county=county, organ=department, name="对食品经营者的监督检查", mode="K")
        Mapping.objects.create(handling_item=handling, organ=department, supervision_item=matter, valid_from=START)
        who = person(f"{code}-l{number}", f"联络员{number}", department, "liaison", DEPARTMENT_RIGHTS)
        Liaison.objects.create(organ=department, user=who.user, kind="officer", valid_from=START)
        liaisons.append(who)
    party = Party.objects.create(
        county=county,
        kind="legal",
        name=f"{county.name}赣江源餐饮管理有限公司（演示）",
        uscc=_code(code),
        contact="温某某",
        phone="19000000011",
        address=f"{county.name}琴江镇西华南路 18 号",
    )
    return World(
        county=county,
        bureau=bureau,
        departments=departments,
        handling=handling,
        drafter=person(f"{code}-clerk", "王敏", bureau, "window_clerk", BUREAU_RIGHTS),
        issuer=person(f"{code}-head", "刘股长", bureau, "section_head", (*BUREAU_RIGHTS, "issue_decision")),
        liaisons=liaisons,
        party=party,
    )


def _ground(code: str) -> County:
    """The county with its calendar and its rulebook as they ship; the other counties' rulebooks would only cost time."""
    county = County.objects.create(**next(one for one in COUNTIES if one["code"] == code))
    if not CalendarYear.objects.exists():
        call_command("load_calendars", verbosity=0)
    file = next(rulebook_folder().glob(f"{RULEBOOKS[code]}-*.yaml"))
    load_rulebooks(files=[(file.name, file.read_text(encoding="utf-8"))], at=moment("2026-01-05 09:00"))
    return county


def _code(county: str) -> str:
    body = f"91{county}MAYY02010"
    return body + credit_check_digit(body)
