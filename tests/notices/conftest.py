"""A county, an organ, three people, and a short way to tell them something."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest

from foundation.common.actors import Actor
from foundation.common.clock import ZONE
from foundation.notices import actions
from foundation.organizations.models import County, Organ, User
from foundation.organizations.statuses import OrganKind
from foundation.organizations.validators import credit_check_digit

AT = datetime(2026, 10, 9, 9, 30, tzinfo=ZONE)


@pytest.fixture
def at() -> datetime:
    """Friday 9 October 2026, 09:30."""
    return AT


@pytest.fixture
def world(db) -> SimpleNamespace:
    """One county with an organ, people who want nothing, mail, and everything."""
    county = County.objects.create(code="360735", name="石城县")
    body = "11360735000000001"
    organ = Organ.objects.create(
        county=county, kind=OrganKind.DEPARTMENT, name="演示机关", short_name="机关", uscc=body + credit_check_digit(body)
    )
    people = [
        User.objects.create(username=name, full_name=name, email=f"{name}@example.invalid", phone=f"1380000000{number}")
        for number, name in enumerate(["quiet", "mailed", "both"])
    ]
    actor = Actor(
        county_id=county.pk, client="web", user_id=people[0].pk, organ_id=organ.pk, rights={"manage_accounts": frozenset({organ.pk})}
    )
    return SimpleNamespace(county=county, organ=organ, quiet=people[0], mailed=people[1], both=people[2], people=people, admin=actor)


@pytest.fixture
def tell(world) -> Callable[..., int]:
    """Send a notice of a push that came in."""

    def tell(*users: User, **changes: object) -> int:
        values = {
            "kind": "push_received",
            "subject": world.organ,
            "params": {"title": "食品经营许可·新办", "document_number": "石行审许〔2026〕0402号", "sender": "审批局"},
            "county_id": world.county.pk,
            "organ_id": world.organ.pk,
            "at": AT,
            **changes,
        }
        return actions.send(users=[user.pk for user in users], **values)

    return tell
