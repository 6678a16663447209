"""Calendars of the shipped notices, without a database: counting is pure."""

import pytest

from foundation.workdays.counting import Calendar
from foundation.workdays.shipped import shipped_calendar


@pytest.fixture(scope="session")
def national() -> Calendar:
    return shipped_calendar()


@pytest.fixture(scope="session")
def ningxia() -> Calendar:
    return shipped_calendar("NX")
