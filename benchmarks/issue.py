"""Issuing with push, one request at a time, beside the bare rows written by hand-written SQL, one transaction each."""

import re
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from databases import PREFIX, copied, copy, drop, use
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from measuring import digests, execute, timed
from psycopg2.extras import Json
from world import MAPPED, actor, person

from approvals import actions
from approvals.models import Decision
from approvals.snapshot import content_hash, search_text, snapshot_of
from approvals.statuses import DutyKind
from catalogue.models import HandlingItem, Mapping
from foundation.common import clock
from foundation.deadlines.dating import date_term, next_rung_at
from foundation.deadlines.models import Term
from foundation.deadlines.queries import calendar_for_county
from foundation.organizations.queries import liaison_users_by_organ
from foundation.workdays.counting import Calendar
from parties.models import Party
from pushes.snapshots import digest

HERE = Path(__file__).parent
AT = datetime(2026, 10, 12, 10, 0, tzinfo=clock.ZONE)
STATEMENTS = [part.strip() for part in re.split(r"^-- then.*$", (HERE / "floor_issue.sql").read_text(encoding="utf-8"), flags=re.M)]
WRITTEN = {
    "approvals_decision": ("true", "id, state, issued_at, issued_by_id, content_hash, search_text"),
    "pushes_push": (
        "true",
        "county_id, kind, sender_id, receiver_id, payload_type_id, payload_id, rulebook_id, title, matter, mode, party_name, document_number,"
        " version, snapshot_hash, state, pushed_at, pushed_by_id, first_read_at, claimed_at, liaison_id, returns, previous_id",
    ),
    "pushes_pushversion": ("true", "number, snapshot, sha256, told_at, cause"),
    "deadlines_deadline": (
        "true",
        "county_id, term_id, organ_id, subject_type_id, CASE WHEN x.subject_type_id = (SELECT id FROM django_content_type"
        " WHERE app_label = 'approvals' AND model = 'decision') THEN (x.subject_id, 0::bigint)"
        " ELSE (SELECT (p.payload_id, p.receiver_id) FROM pushes_push p WHERE p.id = x.subject_id) END,"
        " started_at, day_zero, last_day, due_at, provisional, state, settled_at, next_rung_at",
    ),
    "journal_entry": (
        "verb IN ('decision.issue', 'push.send')",
        "county_id, verb, actor_id, actor_name, organ_id, client, rule, article, subject_type, before, after, reason, effective_at",
    ),
    "notices_notice": ("true", "county_id, user_id, organ_id, kind, params, subject_type_id, effective_at, read_at"),
}


def measure(ground: str, *, sizes: list[int], rounds: int) -> list[dict[str, Any]]:
    """Every shape in turn on fresh copies of the same submitted decisions."""
    found = []
    print(f"issue: {MAPPED} pushes each, ms a request (median)    action   view   floor   ratio  view/floor  queries  same rows")
    for size in sizes:
        prepared = f"{PREFIX}_submitted"
        copy(ground, prepared)
        use(prepared)
        try:
            _submit(size)
            connection.close()
            row = _compare(prepared, rounds)
        finally:
            drop(prepared)
        found.append({"size": size, **row})
        print(
            f"  {size:>6,} decisions                             {row['action']:>8.2f} {row['view']:>6.2f} {row['floor']:>7.2f}"
            f" {row['ratio']:>7.2f} {row['view_ratio']:>11.2f} {row['queries']:>8}  {row['same']}"
        )
    return found


def _submit(size: int) -> None:
    """Decisions that wait for their issue, as `submit` leaves them."""
    day = AT.date()
    clerk = actor("clerk", on=day)
    values = {
        "handling_item": HandlingItem.objects.select_related("item").get(),
        "party": Party.objects.get(),
        "title": "准予行政许可决定书",
        "content": "热食类食品制售；自制饮品制售",
        "decided_on": day,
        "valid_to": date(2031, 10, 11),
    }
    with clock.frozen(AT), transaction.atomic():
        for number in range(1, size + 1):
            decision = actions.draft(
                actor=clerk, organ_id=clerk.organ_id or 0, values={**values, "document_number": f"石行审许〔2026〕{number}号"}
            )
            actions.submit(actor=clerk, decision_id=decision.pk)
    execute("VACUUM ANALYZE")


def _compare(prepared: str, rounds: int) -> dict[str, Any]:
    shapes = {"action": _by_action, "view": _by_view, "floor": _by_hand}
    times: dict[str, list[float]] = {name: [] for name in shapes}
    seen: dict[str, Any] = {}
    with clock.frozen(AT):
        for _ in range(rounds):
            for name, act in shapes.items():
                with copied(prepared, f"issue_{name}"):
                    times[name].append(act(list(Decision.objects.order_by("pk").values_list("pk", flat=True))))
                    seen[name] = seen.get(name) or digests(WRITTEN)
        with copied(prepared, "issue_count"), CaptureQueriesContext(connection) as counted:
            _by_action([Decision.objects.earliest("pk").pk])
            queries = len(counted) - 1
    middle = {name: median(values) for name, values in times.items()}
    different = [table for table in WRITTEN if not seen["action"][table] == seen["view"][table] == seen["floor"][table]]
    return {
        **middle,
        "ratio": middle["action"] / middle["floor"],
        "view_ratio": middle["view"] / middle["floor"],
        "queries": queries,
        "statements": [one["sql"] for one in counted.captured_queries[1:]],
        "same": f"differ in {', '.join(different)}" if different else "yes",
        "rows": seen["action"],
        "times": times,
    }


def _each(act: Any, ids: list[int]) -> float:
    """The median time of one request, in milliseconds; the first tenth warms the caches."""
    times: list[float] = []
    for pk in ids:
        with timed(times):
            act(pk)
    return 1000 * median(times[len(times) // 10 :])


def _by_action(ids: list[int]) -> float:
    head = actor("head", on=AT.date())
    return _each(lambda pk: actions.issue(actor=head, decision_id=pk), ids)


def _by_view(ids: list[int]) -> float:
    """Through the whole stack: session, rights, the view, the redirect; not the page that follows."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(person("head"), backend="django.contrib.auth.backends.ModelBackend")

    def post(pk: int) -> None:
        answer = client.post(f"/decisions/{pk}/issue/")
        if answer.status_code != 302:
            raise SystemExit(f"the view answered {answer.status_code}")

    return _each(post, ids)


def _by_hand(ids: list[int]) -> float:
    """What has to be known is worked out beforehand; only the statements and their commit are timed."""
    prepared = {pk: _values(pk) for pk in ids}

    def write(pk: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in STATEMENTS:
                cursor.execute(statement, prepared[pk])
                if cursor.description:
                    prepared[pk]["pushes"] = [row[0] for row in cursor.fetchall()]

    return _each(write, ids)


def _duty(term: Term, calendar: Calendar) -> dict[str, Any]:
    """What a duty of the bureau is counted to from the moment of the issue."""
    dated = date_term(term=term, started_at=AT, calendar=calendar)
    rung = next_rung_at(term=term, last_day=dated.last_day, due_at=dated.due_at, calendar=calendar, after=AT)
    return {"term": term.pk, "dated": dated, "rung": rung}


def _values(pk: int) -> dict[str, Any]:
    decision = Decision.objects.select_related("organ", "rulebook", "party", "handling_item__item").get(pk=pk)
    head, told = person("head"), snapshot_of(decision)
    term = Term.objects.select_related("rulebook").get(key="claim")
    calendar = calendar_for_county(decision.county_id)
    dated = date_term(term=term, started_at=AT, calendar=calendar)
    duties = [_duty(one, calendar) for one in Term.objects.select_related("rulebook").filter(key__in=DutyKind.values).order_by("pk")]
    mapped = list(Mapping.objects.select_related("supervision_item").order_by("organ_id"))
    liaisons = liaison_users_by_organ(organ_ids=[row.organ_id for row in mapped], on=AT.date())
    return {
        "decision": pk,
        "number": decision.document_number,
        "county": decision.county_id,
        "bureau": decision.organ_id,
        "bureau_name": decision.organ.short_name,
        "rulebook": decision.rulebook_id,
        "head": head.pk,
        "head_name": head.full_name,
        "at": AT,
        "content_hash": content_hash(decision),
        "search_text": search_text(decision),
        "sha256": digest(told),
        "snapshot": Json(told),
        "title": told["item_name"],
        "party_name": told["party_name"],
        "organs": [row.organ_id for row in mapped],
        "matters": [row.supervision_item.name for row in mapped],
        "modes": [row.supervision_item.mode for row in mapped],
        "told": [liaisons[row.organ_id][0] for row in mapped],
        "term": term.pk,
        "day_zero": dated.day_zero,
        "last_day": dated.last_day,
        "due_at": dated.due_at,
        "rung": next_rung_at(term=term, last_day=dated.last_day, due_at=dated.due_at, calendar=calendar, after=AT),
        "duty_terms": [one["term"] for one in duties],
        "duty_zeros": [one["dated"].day_zero for one in duties],
        "duty_lasts": [one["dated"].last_day for one in duties],
        "duty_dues": [one["dated"].due_at for one in duties],
        "duty_rungs": [one["rung"] for one in duties],
        "pushes": [],
        "push_type": _type("pushes", "push"),
        "decision_type": _type("approvals", "decision"),
    }


def _type(app: str, model: str) -> int:
    return ContentType.objects.get_by_natural_key(app, model).pk
