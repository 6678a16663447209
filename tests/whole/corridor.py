"""A county in which the main job can be done: people in their posts, one mapped item, one party. Built by the acts of the portal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from approvals import actions
from approvals.models import Decision
from catalogue.models import HandlingItem, Item, Mapping, Power, SupervisionItem
from foundation.common import clock
from foundation.organizations.models import Organ
from foundation.organizations.statuses import Role
from parties.models import Party
from pushes.models import Push
from tests.factories import START, Person, World, credit_code, world


@dataclass(slots=True, kw_only=True)
class Corridor:
    """A world with a handling item that every department supervises."""

    world: World
    handling: HandlingItem
    party: Party

    @property
    def clerk(self) -> Person:
        """Who drafts."""
        return self.world.who(self.world.bureau, Role.WINDOW_CLERK)

    @property
    def head(self) -> Person:
        """Who issues."""
        return self.world.who(self.world.bureau, Role.SECTION_HEAD)

    def liaison(self, number: int = 0) -> Person:
        """The liaison officer of a department."""
        return self.world.who(self.world.departments[number], Role.LIAISON)

    def values(self, number: int, *, on: date, **more: Any) -> dict[str, Any]:
        """What a clerk fills in."""
        return {
            "handling_item": self.handling,
            "party": self.party,
            "party_contact": "温某 19000000011",
            "document_number": f"审许〔2026〕{number:04d}号",
            "title": "准予行政许可决定书",
            "content": "热食类食品制售",
            "decided_on": on,
            "valid_to": date(2031, 10, 11),
        } | more

    def submitted(self, number: int, **more: Any) -> Decision:
        """A decision that waits for its issue."""
        values = self.values(number, on=clock.today(), **more)
        decision = actions.draft(actor=self.clerk.actor, organ_id=self.world.bureau.pk, values=values)
        return actions.submit(actor=self.clerk.actor, decision_id=decision.pk)

    def issue(self, number: int, *, at: datetime) -> Decision:
        """A decision issued, and so pushed, at a moment."""
        with clock.frozen(at):
            return actions.issue(actor=self.head.actor, decision_id=self.submitted(number).pk)

    def push(self, decision: Decision, department: int = 0) -> Push:
        """What a department received of a decision."""
        return Push.objects.get(payload_id=decision.pk, receiver=self.world.departments[department], kind="decision")


def corridor(code: str = "360735", *, among: World | None = None) -> Corridor:
    """A county whose departments supervise one item of the bureau."""
    place = among or world(code)
    item = Item.objects.create(county=place.county, name="食品经营许可", bureau=place.bureau, valid_from=START)
    handling = HandlingItem.objects.create(item=item, name="新办（餐饮服务）", valid_from=START)
    Power.objects.create(organ=place.bureau, item=item, verb="decide", valid_from=START)
    for department in place.departments:
        maps(handling, department)
    party = Party.objects.create(
        county=place.county,
        kind="legal",
        name=f"{place.county.name}赣江源餐饮管理有限公司（演示）",
        uscc=credit_code(f"91{place.county.code}MAYY02010"),
        contact="温某某",
        phone="19000000011",
        address=f"{place.county.name}西华南路 18 号",
    )
    return Corridor(world=place, handling=handling, party=party)


def maps(handling: HandlingItem, department: Organ) -> Mapping:
    """Let a department supervise a handling item."""
    matter = SupervisionItem.objects.create(county=department.county, organ=department, name="对食品经营者的监督检查", mode="K")
    return Mapping.objects.create(handling_item=handling, organ=department, supervision_item=matter, valid_from=START)
