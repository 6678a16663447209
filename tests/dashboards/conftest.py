"""The world of the dashboard tests, with somebody from the oversight office."""

from collections.abc import Iterator

import pytest

from foundation.common import clock
from tests.approvals.world import AT, Person, World, make_world, organ, person


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def world(db: None) -> World:
    return make_world("360735")


@pytest.fixture
def baokang(db: None) -> World:
    return make_world("420626")


def overseer(world: World) -> Person:
    """Somebody who oversees every organ of the county."""
    from django.contrib.auth.models import Permission

    from foundation.organizations.models import Membership, OrganGrant

    office = organ(world.county, 32, "县政府督查室", kind="oversight_office")
    who = person(f"{world.county.code}-oversight", "袁洋", office, "oversight", ("oversee", "view_matter"))
    group = Membership.objects.get(user=who.user).group
    rights = Permission.objects.filter(codename__in=("oversee", "view_matter"), content_type__app_label="organizations")
    organs = [*world.departments, world.bureau]
    OrganGrant.objects.bulk_create(OrganGrant(group=group, permission=right, content_object=one) for right in rights for one in organs)
    return who
