"""Small journals of two counties. The room knows no organs, so plain ids are enough."""

import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from foundation.common.actors import Actor
from foundation.common.clock import ZONE
from foundation.journal.actions import entry
from foundation.journal.models import Entry, Seal
from foundation.journal.sealing import seal_all

AT = datetime(2026, 10, 9, 9, 30, tzinfo=ZONE)


@pytest.fixture
def at() -> datetime:
    """The moment of the acts."""
    return AT


@pytest.fixture
def write() -> Callable[..., Entry]:
    """Write one journal row; subjects are seals, because any model does."""

    def write(county_id: int = 1, subject_id: int = 1, reason: str = "演示", **values: object) -> Entry:
        actor = Actor(county_id=county_id, client="web", user_id=7, name="李慧", organ_id=3)
        row = entry(
            verb="push.claim", actor=actor, subject=Seal(pk=subject_id), at=AT, after={"state": "claimed", "文": "号"}, reason=reason
        )
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        return row

    return write


@pytest.fixture
def seal_rows() -> Callable[..., int]:
    """Seal once every transaction begun so far has ended: an open one, in whatever database of the server, delays sealing."""

    def horizon(end: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_snapshot_{end}(pg_current_snapshot())::text::bigint")
            return int(cursor.fetchone()[0])

    def seal_rows(act: Callable[[], int] = seal_all) -> int:
        begun, last = horizon("xmax"), time.monotonic() + 60
        while horizon("xmin") < begun and time.monotonic() < last:
            time.sleep(0.05)
        return act()

    return seal_rows
