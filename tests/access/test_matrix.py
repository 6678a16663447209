"""Who may ask for what: every address, every role. The expectations in matrix.csv are written by hand, not derived from the code.

Statuses: a number is the answer's status; `login` is a redirect to the log-in page. A role's cell may be empty where the row's default
(`otherwise`) holds for it.
"""

import copy
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl

from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from foundation.common import clock
from tests.access.scene import ROLES, build
from tests.factories import AT

MATRIX = Path(__file__).with_name("matrix.csv")


@dataclass(frozen=True, slots=True)
class Row:
    """A request and what each role gets for it."""

    name: str
    kwargs: str
    method: str
    params: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.kwargs} {self.params}".strip()


def rows() -> list[Row]:
    """The rows of the matrix in the order of the file."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                line["name"],
                line["kwargs"],
                line["method"],
                line["params"],
                {role: line[role] or line["otherwise"] for role in ROLES},
            )
            for line in csv.DictReader(file)
        ]


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The name of every address; one without a name stands by its route."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        else:
            yield one.name or str(one.pattern)


def test_every_address_stands_in_the_matrix() -> None:
    known = {row.name for row in rows()}
    there = set(names(get_resolver().url_patterns))
    assert there - known == set(), "addresses without an expectation"
    assert known - there == set(), "expectations of addresses that are gone"


def test_every_cell_says_something() -> None:
    wrong = [f"{row} {role}: {cell!r}" for row in rows() for role, cell in row.expected.items() if not cell.isdigit() and cell != "login"]
    assert wrong == []


def ask(client: Client, ids: Mapping[str, object], row: Row, method: str) -> str:
    """The status of one request, whose effect is taken back."""
    kwargs = dict(parse_qsl(row.kwargs.format(**ids)))
    params: dict[str, list[str]] = {}
    for key, value in parse_qsl(row.params.format(**ids), keep_blank_values=True):
        params.setdefault(key, []).append(value)
    signed_in = copy.deepcopy(client.cookies)
    with transaction.atomic():
        answer = getattr(client, method.lower())(reverse(row.name, kwargs=kwargs), params)
        b"".join(answer)  # a sheet or a file is read to its end
        transaction.set_rollback(True)
    client.cookies = signed_in
    if answer.status_code == 302 and answer["Location"].startswith(reverse("login")) and row.name != "logout":
        return "login"
    return str(answer.status_code)


class TestMatrix(TestCase):
    """The world is told once for all rows. A test method per row is added below."""

    @classmethod
    def setUpClass(cls) -> None:
        """Stop the clock and keep uploads in a folder of their own for the whole class."""
        cls.enterClassContext(clock.frozen(AT))
        cls.enterClassContext(override_settings(MEDIA_ROOT=cls.enterClassContext(TemporaryDirectory())))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        """Tell the story."""
        cls.scene = build()

    def check(self, row: Row) -> None:
        """Ask in every role; an act is besides never done by following a link."""
        scene = self.scene
        got = {role: ask(scene.clients[role], scene.ids, row, row.method) for role in ROLES}
        assert got == row.expected
        if row.name in ONLY_POSTED:
            followed = {ask(scene.clients[role], scene.ids, row, "GET") for role in ("section_head", "receiver", "system_admin")}
            assert followed == {"401" if row.name.startswith("api_") else "405"}


ONLY_POSTED = {row.name for row in rows() if row.method == "POST"} - {row.name for row in rows() if row.method == "GET"}
for number, each in enumerate(rows()):
    setattr(TestMatrix, f"test_{number:03d}_{each.method}_{each.name}", lambda self, row=each: self.check(row))
