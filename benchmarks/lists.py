"""Workbench, inbox, tasks and overview of people with few rights, while the closed pushes grow a hundredfold and the open ones do not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from databases import PREFIX, copy, drop, use
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from measuring import DRAW, dates, dates_table, execute, milliseconds
from world import actor, person

from dashboards import overview, workbench
from dashboards.figures import close_months, figures
from foundation.common import clock
from foundation.deadlines.models import Term
from foundation.organizations.models import Organ
from pushes import inbox

HERE = Path(__file__).parent
AT = datetime(2026, 11, 18, 10, 0, tzinfo=clock.ZONE)
OFFICER, CLERK, OVERSEER = "officer01", "clerk", "oversight"
Act = Callable[[], object]


def measure(ground: str, *, sizes: list[int], rounds: int, organs: int, open_each: int) -> list[dict[str, Any]]:
    """Every size built first, then read in turn: each round reads all sizes one after the other, so that the machine's load falls on all."""
    names = {size: f"{PREFIX}_grown_{size}" for size in sizes}
    found: dict[int, dict[str, Any]] = {}
    try:
        for size, name in names.items():
            grown(ground, name, size=size, organs=organs, open_each=open_each)
        with clock.frozen(AT):
            for _ in range(rounds):
                for size, name in names.items():
                    use(name)
                    found.setdefault(size, {"size": size, "ms": {}})
                    _read(found[size])
                    connection.close()
            for size, name in names.items():
                use(name)
                found[size]["recount"] = _recount()
                connection.close()
    finally:
        for name in names.values():
            drop(name)
    rows = [_least(found[size]) for size in sizes]
    _print(rows, open_each=open_each, organs=organs)
    return rows


def grown(ground: str, name: str, *, size: int, organs: int, open_each: int) -> None:
    """A database with `size` pushes to `organs` departments, each with `open_each` open clocks; closed months are counted already."""
    if organs * open_each > size:
        raise SystemExit(f"{organs} departments with {open_each} open clocks need at least {organs * open_each} pushes, not {size}")
    copy(ground, name)
    use(name)
    execute(DRAW)
    days = [AT.date() - timedelta(days=one) for one in range(1150)]
    terms = {term.key: term for term in Term.objects.select_related("rulebook")}
    dates_table("claim_dates", dates(terms["claim"], days))
    execute(
        "CREATE TABLE task_dates (key text, day_zero date, last_day date, due_at timestamptz, provisional bool, PRIMARY KEY (key, day_zero))"
    )
    for key in ("first_action", "change_proposal"):
        dates_table("one", dates(terms[key], days))
        execute("INSERT INTO task_dates SELECT %(key)s, day_zero, last_day, due_at, provisional FROM one", {"key": key})
        execute("DROP TABLE one")
    params = {"size": size, "organs": organs, "open": open_each, "today": AT.date(), "at": AT}
    with transaction.atomic(), _without_triggers():
        execute((HERE / "grown.sql").read_text(encoding="utf-8"), params)
    with clock.frozen(AT):
        close_months(county_id=actor(OFFICER, on=AT.date()).county_id, at=AT)
    execute("VACUUM ANALYZE")
    connection.close()


@contextmanager
def _without_triggers() -> Iterator[None]:
    """Foreign keys need no proof here, where a superuser may leave it out: building is several times faster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")
    yield


def _acts() -> dict[str, Act]:
    """What is read: the functions, and the whole pages as a browser asks for them."""
    officer, overseer = actor(OFFICER, on=AT.date()), actor(OVERSEER, on=AT.date())
    edges = workbench.bounds(county_id=officer.county_id, at=AT)
    clocks = workbench.owed_by(officer, at=AT)
    organ_id = officer.organ_id or 0
    browsers = {name: _browser(name) for name in (OFFICER, CLERK, OVERSEER)}
    return {
        "workbench, groups": lambda: workbench.counted(clocks, edges=edges),
        "workbench, 50 rows": lambda: workbench.page_of(clocks, edges=edges, actor=officer),
        "inbox, segments": lambda: inbox.counts(organ_id=organ_id, at=AT, may_answer=False),
        "inbox, 50 rows": lambda: inbox.lines(list(inbox.waiting(organ_id, at=AT).select_related("sender", "receiver")[:50]), at=AT),
        "overview": lambda: overview.page(actor=overseer, at=AT, wish={}),
        "page workbench": lambda: _get(browsers[OFFICER], "/"),
        "page workbench, mine": lambda: _get(browsers[OFFICER], "/?scope=mine"),
        "page workbench, sender": lambda: _get(browsers[CLERK], "/?scope=others"),
        "page inbox": lambda: _get(browsers[OFFICER], "/pushes/"),
        "page inbox, claimed": lambda: _get(browsers[OFFICER], "/pushes/?state=claimed"),
        "page overview": lambda: _get(browsers[OVERSEER], "/overview/"),
    }


def _browser(username: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _get(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")


def _read(into: dict[str, Any]) -> None:
    acts = _acts()
    for name, act in acts.items():
        into["ms"].setdefault(name, []).append(milliseconds(act, rounds=7))
    if "queries" not in into:
        into["queries"], into["statements"] = {}, {}
        for name, act in acts.items():
            with CaptureQueriesContext(connection) as counted:
                act()
            # The stamp of the calendar is read once a second, so whether an act meets that second is chance: it is left out.
            into["queries"][name] = sum("workdays_calendaryear" not in one["sql"] for one in counted.captured_queries)
            into["statements"][name] = [(one["time"], one["sql"]) for one in counted.captured_queries]


def _recount() -> bool:
    """Whether the overview's figures, taken from closed months where there are any, equal a full recount from the clocks."""
    organs = list(Organ.objects.values_list("pk", flat=True))
    county_id = actor(OFFICER, on=AT.date()).county_id
    same = True
    for since in (date(2023, 1, 1), date(2026, 1, 1), date(2025, 11, 18)):
        for until in (date(2031, 1, 1), date(2026, 8, 20)):
            kept, live = (
                figures(county_id=county_id, organ_ids=organs, since=since, until=until, at=AT, closed=closed) for closed in (True, False)
            )
            same = same and kept.cells == live.cells and kept.months == live.months and bool(live.cells)
    return same


def _least(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"ms": {name: min(values) for name, values in row["ms"].items()}}


def _print(rows: list[dict[str, Any]], *, open_each: int, organs: int) -> None:
    print(f"lists: ms (least of the rounds), {organs} departments with {open_each:,} open each; queries")
    print(" " * 26 + "".join(f"{row['size']:>12,}" for row in rows) + "   last/first   queries")
    for name in rows[0]["ms"]:
        counts = sorted({row["queries"][name] for row in rows})
        values = "".join(f"{row['ms'][name]:>12.1f}" for row in rows)
        growth = rows[-1]["ms"][name] / rows[0]["ms"][name]
        print(f"  {name:<24}{values}{growth:>13.2f}   {'–'.join(map(str, counts)):>7}")
    print("  the overview equals a full recount: " + ", ".join(f"{row['size']:,} {'yes' if row['recount'] else 'NO'}" for row in rows))
