"""Databases of the benchmarks' own: a template with the ground of a county, copies of it, and nothing left behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from world import make_world

_HOME = connection.settings_dict["NAME"]
PREFIX = f"{_HOME}_bench"


def use(name: str) -> None:
    """Let Django speak to the database `name` from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()


def run(sql: str) -> None:
    """One statement about databases, from the server's maintenance database."""
    use(_HOME)
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


def drop(name: str) -> None:
    """Drop a database if it is there."""
    run(f'DROP DATABASE IF EXISTS "{name}"')


def copy(source: str, name: str) -> None:
    """Make `name` a copy of `source`, files and all, so that every run begins with the same bytes."""
    drop(name)
    run(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')


@contextmanager
def ground() -> Iterator[str]:
    """A migrated database with one county, its organs, people, rulebook and calendar; dropped at the end."""
    name = f"{PREFIX}_ground"
    drop(name)
    run(f'CREATE DATABASE "{name}"')
    use(name)
    try:
        call_command("migrate", verbosity=0)
        make_world()
        connection.close()
        yield name
    finally:
        drop(name)


@contextmanager
def copied(source: str, name: str) -> Iterator[None]:
    """Work in a fresh copy of `source`; dropped at the end."""
    full = f"{PREFIX}_{name}"
    copy(source, full)
    use(full)
    try:
        yield
    finally:
        drop(full)
