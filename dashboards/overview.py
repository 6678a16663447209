"""The overview of leadership and the oversight office: figures per organ and term, what is overdue, whose, and whom to call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from dashboards import workbench
from dashboards.charts import automatic_bars, rate_line
from dashboards.figures import Cell, Figures, figures
from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.deadlines.models import Deadline, Term
from foundation.deadlines.queries import OPEN, not_lapsed
from foundation.deadlines.statuses import ClockState
from foundation.organizations.models import Liaison, Organ

PERIODS = {"year": "今年以来", "month": "本月", "quarter": "本季度", "twelve": "近 12 个月"}
BUCKETS = {
    "on_time": "按期办结",
    "late": "逾期办结",
    "not_due": "未办，未到期",
    "overdue": "未办，已逾期",
    "automatic": "自动认领",
    "open": "在走的期限",
}
LONGEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One organ's row of the matrix, or the county's total; `before` is the rate of the same days a year earlier."""

    organ_id: int | None
    name: str
    cell: Cell
    before: float | None

    @property
    def change(self) -> float | None:
        """The change of the rate against a year earlier, in points."""
        return round(self.cell.rate - self.before, 1) if self.cell.rate is not None and self.before is not None else None

    @property
    def heat(self) -> int:
        """How strongly the overdue cell is tinted: 1, 2–3, 4 and more; the number is always printed."""
        return 0 if not self.cell.overdue else 1 if self.cell.overdue == 1 else 2 if self.cell.overdue <= 3 else 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The clocks behind one number, with the words of the choice."""

    title: str
    clocks: QuerySet[Deadline]


def since_of(period: str, today: date) -> date:
    """The first day of a period that ends today."""
    if period == "month":
        return today.replace(day=1)
    if period == "quarter":
        return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    if period == "twelve":
        return date(today.year - 1 + (today.month == 12), today.month % 12 + 1, 1)
    return date(today.year, 1, 1)


def _until(today: date) -> date:
    """Ended clocks count in the month of their last day, so what was done early this month reaches beyond today."""
    return date(today.year + 5, 1, 1)


def page(*, actor: Actor, at: datetime, wish: Mapping[str, str]) -> dict[str, Any]:
    """Everything the overview shows, in a fixed number of queries whatever the number of clocks."""
    today, period = clock.civil_day(at), wish.get("period", "year")
    period = period if period in PERIODS else "year"
    keys = [wish["term"]] if wish.get("term") else []
    organs = list(Organ.objects.filter(pk__in=actor.organs("oversee"), closed_on=None))
    ids = [organ.pk for organ in organs]
    since = since_of(period, today)
    before = figures(
        county_id=actor.county_id, organ_ids=ids, since=_year_before(since), until=_year_before(today) + timedelta(days=1), at=at, keys=keys
    )
    trend = figures(county_id=actor.county_id, organ_ids=ids, since=since_of("twelve", today), until=_until(today), at=at, keys=keys)
    now = trend.from_month(since)  # every period begins with a month of the last twelve
    terms, months = _terms(actor.county_id), _trend(trend, today)
    return {
        "period": period,
        "periods": PERIODS,
        "term": wish.get("term", ""),
        "terms": terms,
        "since": since,
        "at": at,
        "today": today,
        "lines": _lines(organs, now, before),
        "total": Line(organ_id=None, name="全县合计", cell=now.total(), before=_ended_rate(before.total())),
        "matrix": _matrix(organs, now, terms),
        "longest": _longest(actor, ids, keys, at),
        "trend": months,
        "rate_chart": rate_line(months),
        "automatic_chart": automatic_bars(months),
        "due_today": _due_today(ids, keys, at),
    }


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _ended_rate(cell: Cell) -> float | None:
    """The rate of what ended; what is overdue today says nothing of a year ago."""
    ended = cell.on_time + cell.late
    return round(100 * cell.on_time / ended, 1) if ended else None


def _terms(county_id: int, *, advisory: bool = False) -> dict[str, Term]:
    """The terms of the county that can be overdue (with `advisory` the others too), by key, the newest rulebook's words."""
    rows = Term.objects.filter(rulebook__county_id=county_id).order_by("rulebook__valid_from", "position")
    rows = rows if advisory else rows.filter(advisory=False)
    return {term.key: term for term in rows}


def _lines(organs: Iterable[Organ], now: Figures, before: Figures) -> list[Line]:
    lines = [
        Line(organ_id=organ.pk, name=organ.short_name, cell=now.of_organ(organ.pk), before=_ended_rate(before.of_organ(organ.pk)))
        for organ in organs
    ]
    shown = [line for line in lines if line.cell.due or line.cell.not_due or line.cell.automatic]
    return sorted(shown, key=lambda line: (-line.cell.overdue, line.cell.rate if line.cell.rate is not None else 101, line.name))


def _matrix(organs: Iterable[Organ], now: Figures, terms: Mapping[str, Term]) -> dict[str, Any]:
    """What is overdue now, organs × terms; organs and terms without any are left out."""
    keys = [key for key in terms if any(cell.overdue for (_, of_key), cell in now.cells.items() if of_key == key)]
    rows: list[dict[str, Any]] = []
    for organ in organs:
        counts = [now.cells.get((organ.pk, key), Cell()).overdue for key in keys]
        if any(counts):
            rows.append({"organ": organ, "counts": list(zip(keys, counts, strict=True)), "total": sum(counts)})
    rows.sort(key=lambda row: -row["total"])
    totals = [sum(row["counts"][index][1] for row in rows) for index in range(len(keys))]
    return {"terms": [terms[key] for key in keys], "rows": rows, "totals": list(zip(keys, totals, strict=True)), "total": sum(totals)}


def overdue_of(organ_ids: Iterable[int], *, at: datetime, keys: Iterable[str] = ()) -> QuerySet[Deadline]:
    """Running clocks of these organs past their moment, longest first. Advisory and provisional ones are never overdue."""
    rows = Deadline.objects.filter(
        not_lapsed(at), organ_id__in=list(organ_ids), state=ClockState.RUNNING, due_at__lte=at, provisional=False, term__advisory=False
    )
    wanted = list(keys)
    return (rows.filter(term__key__in=wanted) if wanted else rows).select_related("term__rulebook", "organ").order_by("due_at", "id")


def _longest(actor: Actor, ids: list[int], keys: list[str], at: datetime) -> list[dict[str, Any]]:
    edges = workbench.bounds(county_id=actor.county_id, at=at)
    rows = workbench.rows_of(list(overdue_of(ids, at=at, keys=keys)[:LONGEST]), actor=actor, edges=edges)
    people = people_to_call({row.clock.organ_id for row in rows}, on=clock.civil_day(at))
    return [{"row": row, "person": people.get(row.clock.organ_id)} for row in rows]


def people_to_call(organ_ids: Iterable[int], *, on: date) -> dict[int, tuple[str, str]]:
    """Name and telephone of each organ's lead (else first officer) on `on`, the person to call about an overdue row."""
    entries = (
        Liaison.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), organ_id__in=list(organ_ids), section=None, valid_from__lte=on)
        .select_related("user")
        .order_by("organ_id", "kind", "order", "id")
    )
    found: dict[int, tuple[str, str]] = {}
    for entry in entries:
        found.setdefault(entry.organ_id, (entry.user.full_name, entry.user.office_phone or entry.user.phone))
    return found


def _due_today(ids: list[int], keys: list[str], at: datetime) -> int:
    rows = Deadline.objects.filter(organ_id__in=ids, state=ClockState.RUNNING, term__advisory=False, provisional=False)
    rows = rows.filter(due_at__gt=at, due_at__lte=clock.end_of(clock.civil_day(at)))
    return (rows.filter(term__key__in=keys) if keys else rows).count()


def _trend(found: Figures, today: date) -> list[dict[str, Any]]:
    months = []
    month = since_of("twelve", today)
    while month <= today:
        cell = found.months.get(month, Cell())
        months.append({"month": month, "rate": _ended_rate(cell), "automatic": cell.automatic, "on_time": cell.on_time, "late": cell.late})
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return months


def chosen(*, actor: Actor, at: datetime, wish: Mapping[str, str]) -> Chosen:
    """The clocks behind a number: its bucket, and where given its organ, term and period."""
    bucket = wish.get("bucket", "overdue")
    bucket = bucket if bucket in BUCKETS else "overdue"
    ids = actor.organs("oversee")
    organ = Organ.objects.filter(pk__in=ids, pk=wish["organ"]).first() if wish.get("organ", "").isdigit() else None
    rows = Deadline.objects.filter(organ_id__in=[organ.pk] if organ else ids)
    if bucket != "open":
        rows = rows.filter(term__advisory=False)
    elif wish.get("rulebook"):
        rows = rows.filter(term__rulebook__key=wish["rulebook"])
    if wish.get("term"):
        rows = rows.filter(term__key=wish["term"])
    period = wish.get("period", "year")
    since = since_of(period if period in PERIODS else "year", clock.civil_day(at))
    rows = _bucket(rows, bucket, since=since, at=at).select_related("term__rulebook", "organ")
    term = _terms(actor.county_id, advisory=bucket == "open").get(wish.get("term", ""))
    title = "·".join([organ.short_name if organ else "全县", *([term.name] if term else []), BUCKETS[bucket]])
    return Chosen(title=title, clocks=rows.order_by("due_at", "id"))


def _bucket(rows: QuerySet[Deadline], bucket: str, *, since: date, at: datetime) -> QuerySet[Deadline]:
    if bucket == "on_time":
        return rows.filter(state=ClockState.MET, settled_at__lt=F("due_at"), last_day__gte=since)
    if bucket == "late":
        return rows.filter(state=ClockState.MET, settled_at__gte=F("due_at"), last_day__gte=since)
    if bucket == "automatic":
        lapsed = Q(state=ClockState.RUNNING, due_at__lte=at, provisional=False, term__effect__in=hooks.on_expired.names())
        return rows.filter(Q(state=ClockState.EXPIRED) | lapsed, last_day__gte=since)
    if bucket == "open":  # what the rules page counts: advisory, provisional and held ones too
        return rows.filter(not_lapsed(at), state__in=OPEN)
    running = rows.filter(not_lapsed(at), state=ClockState.RUNNING, provisional=False)
    return running.filter(due_at__gt=at) if bucket == "not_due" else running.filter(due_at__lte=at)
