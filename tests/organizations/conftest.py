"""Two counties at a stopped clock."""

from collections.abc import Iterator

import pytest

from foundation.common import clock
from tests.factories import AT, World, world


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def shicheng(db: None) -> World:
    return world("360735", ground=False)


@pytest.fixture
def baokang(db: None) -> World:
    return world("420626", ground=False)
