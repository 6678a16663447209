"""Tests that cross rooms: a county doing its main job, with the clock stopped on a Monday."""

from collections.abc import Iterator

import pytest

from foundation.common import clock
from tests.factories import AT
from tests.whole.corridor import Corridor, corridor


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def shicheng(db: None) -> Corridor:
    """Five working days, then claimed by the clock."""
    return corridor("360735")


@pytest.fixture
def baokang(db: None) -> Corridor:
    """Three working days, no automatic claim."""
    return corridor("420626")
