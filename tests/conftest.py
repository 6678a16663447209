"""What every room's tests share."""

from collections.abc import Iterator

import pytest
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
