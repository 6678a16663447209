"""Starting clocks: one by one in an act, or for a batch in one statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from foundation.common import clock
from foundation.deadlines.dating import date_term, next_rung_at
from foundation.deadlines.models import Deadline, Rulebook, Term
from foundation.deadlines.queries import calendar_for_county, type_of


def start(
    *, term: Term, subject_model: type[Model], subjects: Sequence[tuple[int, int]], started_at: datetime, by_effect: bool = False
) -> list[Deadline]:
    """Start one clock per (subject id, obliged organ id), all from the same event at the instant `started_at`.

    `by_effect` says that the event is itself the effect of a clock (an automatic claim at 24:00), which belongs to the day that ends.
    """
    calendar = calendar_for_county(term.rulebook.county_id)
    dated = date_term(term=term, started_at=started_at, calendar=calendar, by_effect=by_effect)
    rung = next_rung_at(term=term, last_day=dated.last_day, due_at=dated.due_at, calendar=calendar, after=started_at)
    subject_type = type_of(subject_model)
    return Deadline.objects.bulk_create(
        Deadline(
            county_id=term.rulebook.county_id,
            term=term,
            organ_id=organ_id,
            subject_type=subject_type,
            subject_id=subject_id,
            started_at=started_at,
            day_zero=dated.day_zero,
            last_day=dated.last_day,
            due_at=dated.due_at,
            provisional=dated.provisional,
            next_rung_at=rung,
        )
        for subject_id, organ_id in subjects
    )


_DAY_ZERO = "((e.started_at - CASE WHEN e.by_effect THEN interval '1 microsecond' ELSE interval '0' END) AT TIME ZONE 'Asia/Shanghai')::date"


def start_select(*, key: str, subject_model: type[Model], events: str, moments: Mapping[str, str], params: Mapping[str, Any]) -> int:
    """Start the clock `key` for every row of a query, in one statement after one look at the distinct days. Returns how many.

    `events` is the FROM … WHERE part of a query whose columns named below are reachable as `x`: x.county_id, x.rulebook_id,
    x.organ_id, x.subject_id, x.by_effect, and the columns that `moments` maps each event name of a term to ("push.claimed_at" →
    "x.claimed_at"). A rulebook without the term starts nothing. Python counts each distinct day once; SQL does the rows.
    """
    started = 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT x.rulebook_id FROM ({events}) x", params)
        rulebooks = [row[0] for row in cursor.fetchall()]
        terms = Term.objects.filter(rulebook__in=Rulebook.objects.filter(pk__in=rulebooks), key=key).select_related("rulebook")
        for term in terms:
            started += _start_term(cursor, term, subject_model, events, moments[term.event], params)
    return started


def _start_term(cursor: Any, term: Term, subject_model: type[Model], events: str, moment: str, params: Mapping[str, Any]) -> int:
    rows = (
        f"SELECT x.county_id, x.organ_id, x.subject_id, x.by_effect, {moment} AS started_at FROM ({events}) x"
        " WHERE x.rulebook_id = %(the_rulebook)s"
    )
    named = {**params, "the_rulebook": term.rulebook_id, "term": term.pk, "type": type_of(subject_model).pk}
    cursor.execute(f"SELECT {_DAY_ZERO} AS day_zero, max(e.started_at) FROM ({rows}) e GROUP BY 1", named)
    calendar = calendar_for_county(term.rulebook.county_id)
    dated = [date_term(term=term, started_at=clock.start_of(day), calendar=calendar) for day, _ in cursor.fetchall()]
    rungs = [
        next_rung_at(term=term, last_day=one.last_day, due_at=one.due_at, calendar=calendar, after=clock.start_of(one.day_zero)) for one in dated
    ]
    named |= {
        "days": [one.day_zero for one in dated],
        "lasts": [one.last_day for one in dated],
        "dues": [one.due_at for one in dated],
        "provisional": [one.provisional for one in dated],
        "rungs": rungs,
    }
    cursor.execute(
        f"""
        INSERT INTO deadlines_deadline
            (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at, provisional, state, next_rung_at)
        SELECT e.county_id, %(term)s, e.organ_id, %(type)s, e.subject_id, e.started_at, m.day_zero, m.last_day, m.due_at, m.provisional,
               'running', m.rung
        FROM ({rows}) e
        JOIN unnest(%(days)s::date[], %(lasts)s::date[], %(dues)s::timestamptz[], %(provisional)s::bool[], %(rungs)s::timestamptz[])
             AS m(day_zero, last_day, due_at, provisional, rung) ON m.day_zero = {_DAY_ZERO}
        """,
        named,
    )
    return int(cursor.rowcount)
