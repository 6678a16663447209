"""The database and the broker of a run: those the environment names, else embedded ones."""

import os
from dataclasses import dataclass
from pathlib import Path

from tools import programs
from tools.environment import Environment
from tools.place import Place
from tools.postgres import Postgres, postgres_url
from tools.supervisor import Supervisor
from tools.valkey import Valkey, valkey_url


@dataclass(frozen=True)
class Addresses:
    """Where the servers are; `embedded` is true where we run the database ourselves."""

    database: str
    broker: str
    embedded: bool


def start(supervisor: Supervisor, environment: Environment, place: Place, logs: Path, *, throw_away: bool = False) -> Addresses:
    """Start what DATABASE_URL and REDIS_URL leave to us and return the addresses of both.

    `throw_away` trades safety for speed, for a database that is deleted afterwards.
    """
    database, broker = given()
    if database and broker:
        return addresses(place)
    place.make()
    found = programs.find(environment.packages, place)
    if not database:
        postgres = Postgres(place, found.postgres_bin, log=logs / "database.log", throw_away=throw_away)
        postgres.create()
        supervisor.start(postgres.service())
    if not broker:
        valkey = Valkey(place, found.valkey_server, log=logs / "broker.log")
        valkey.create()
        supervisor.start(valkey.service())
    return addresses(place)


def addresses(place: Place) -> Addresses:
    """Where the servers of a place are, running or not."""
    database, broker = given()
    return Addresses(
        database=database or postgres_url(place),
        broker=broker or valkey_url(place),
        embedded=not database,
    )


def given() -> tuple[str, str]:
    """DATABASE_URL and REDIS_URL as the environment sets them; empty where unset."""
    return os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
