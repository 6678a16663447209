"""The approval world, the clock stopped, uploads in a folder of their own."""

from collections.abc import Iterator

import pytest

from foundation.common import clock
from tests.approvals.world import AT, World, make_world


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def other_county(world: World) -> World:
    return make_world("420626")
