"""What every room's tests share."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_append_only_tables() -> Iterator[None]:
    """Tests with real transactions empty every table afterwards; the append-only triggers would refuse, so they rest for that statement."""
    flush = DatabaseOperations.execute_sql_flush

    def resting(self: DatabaseOperations, sql_list: list[str]) -> None:
        flush(self, ["SET session_replication_role = replica", *sql_list, "SET session_replication_role = DEFAULT"])

    DatabaseOperations.execute_sql_flush = resting  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """The shipped calendars, once for every test that rolls back; tests with real transactions empty them and come last."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("load_calendars", verbosity=0)
