"""Lapsed pushes claimed by the clock: `foundation.deadlines.settling.sweep` beside one SQL statement that writes the same rows."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from databases import PREFIX, copied, copy, drop, use
from django.db import connection, transaction
from measuring import DRAW, dates, dates_table, digests, execute, fetch, middle, timed

from foundation.common import clock
from foundation.deadlines.models import Term
from foundation.deadlines.settling import sweep

HERE = Path(__file__).parent
AT = datetime(2026, 10, 20, 10, 0, tzinfo=clock.ZONE)
"""A working day after every claim clock below has run out."""
FIRST_DAY = date(2026, 9, 7)
DAYS = 17
WRITTEN = {
    "pushes_push": ("true", "id, state, claimed_at, recorded_at, liaison_id, claimed_by_id"),
    "supervision_task": ("true", "county_id, organ_id, push_id, rulebook_id, state, assignee_id, opened_at, first_action, outcome"),
    "deadlines_deadline": (
        "true",
        "county_id, term_id, organ_id, subject_type_id, started_at, day_zero, last_day, due_at, provisional, state, settled_at, recorded_at,"
        " next_rung_at, (SELECT t.push_id FROM supervision_task t WHERE t.id = x.subject_id"
        " AND x.subject_type_id = (SELECT id FROM django_content_type WHERE app_label = 'supervision' AND model = 'task'))",
    ),
    "journal_entry": (
        "verb = 'push.auto_claim'",
        "county_id, verb, actor_id, actor_name, organ_id, client, rule, article, subject_type, subject_id, before, after, reason, effective_at",
    ),
    "notices_notice": ("true", "county_id, user_id, organ_id, kind, params, subject_type_id, subject_id, effective_at, read_at"),
}


def measure(ground: str, *, sizes: list[int], rounds: int) -> list[dict[str, Any]]:
    """Both shapes in turn, each on a fresh copy of the same lapsed pushes."""
    found = []
    print("sweep: auto-claims, seconds (median)      ours    floor   ratio  claims/s  same rows")
    for size in sizes:
        prepared = f"{PREFIX}_lapsed"
        copy(ground, prepared)
        use(prepared)
        try:
            _fill(size)
            connection.close()
            row = _compare(prepared, size, rounds)
        finally:
            drop(prepared)
        found.append(row)
        print(
            f"  {size:>9,} pushes                    {row['ours']:>8.2f} {row['floor']:>8.2f} {row['ratio']:>7.2f}"
            f" {size / row['ours']:>9,.0f}  {row['same']}"
        )
    return found


def _fill(size: int) -> None:
    execute(DRAW)
    for key in ("claim", "first_action"):
        days = [FIRST_DAY + timedelta(days=one) for one in range(60)]
        dates_table(f"{key}_dates", dates(Term.objects.select_related("rulebook").get(key=key), days))
    execute((HERE / "lapsed.sql").read_text(encoding="utf-8"), {"size": size, "first_day": FIRST_DAY, "days": DAYS})
    execute("VACUUM ANALYZE")


def _compare(prepared: str, size: int, rounds: int) -> dict[str, Any]:
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    seen: dict[str, Any] = {}
    with clock.frozen(AT):
        for _ in range(rounds):
            for name, act in (("ours", _ours), ("floor", _floor)):
                with copied(prepared, name):
                    fetch("SELECT count(*) FROM deadlines_deadline, pushes_push WHERE false")
                    with timed(times[name]):
                        act()
                    if name not in seen:
                        seen[name] = digests(WRITTEN)
    if seen["ours"]["supervision_task"][0] != size:
        raise SystemExit(f"{size} pushes had lapsed, {seen['ours']['supervision_task'][0]} were claimed")
    ours, floor = middle(times["ours"]), middle(times["floor"])
    different = [table for table in WRITTEN if seen["ours"][table] != seen["floor"][table]]
    same = f"differ in {', '.join(different)}" if different else "yes"
    return {"size": size, "ours": ours, "floor": floor, "ratio": ours / floor, "same": same, "rows": seen["ours"], "times": times}


def _ours() -> None:
    sweep(at=AT)


def _floor() -> None:
    with transaction.atomic():
        execute((HERE / "floor_sweep.sql").read_text(encoding="utf-8"), {"now": AT})
