"""Every write to the calendars. Importing a notice replaces the days of its year and lets the clocks be counted anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import connection, transaction

from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.common.hooks import Registry
from foundation.journal.actions import write
from foundation.workdays import queries
from foundation.workdays.checking import check_rows
from foundation.workdays.counting import Calendar, Layer, SpecialDay
from foundation.workdays.models import CalendarDay, CalendarYear
from foundation.workdays.reading import Row
from foundation.workdays.shipped import ShippedYear


class CalendarChanged(Protocol):
    """Called in the transaction of an import, after the rows have changed, with the regions whose calendar may count differently now."""

    def __call__(self, *, regions: Sequence[str], at: datetime, notice: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A clock that an import would move: what it is about, who owes what, and both last days."""

    title: str
    organ: str
    term: str
    old_last_day: date
    new_last_day: date
    provisional: bool = False


class PreviewMoves(Protocol):
    """Returns the clocks that would move if the calendars of these regions were as given, nearest old date first. Changes nothing."""

    def __call__(self, *, calendars: Mapping[str, Calendar], at: datetime) -> Sequence[Move]: ...


calendar_changed: Registry[CalendarChanged] = Registry()
"""Key: "any". Who re-dates open clocks (E-15)."""
preview_moves: Registry[PreviewMoves] = Registry()
"""Key: "any". Who tells beforehand which clocks a notice would move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDay:
    """A day that would become something else: the words of what it is and what it would be."""

    day: date
    before: str
    after: str
    was_counted: bool
    counts: bool


def import_year(
    *, layer: str, year: int, rows: Sequence[Row], notice: str, actor: Actor, at: datetime, url: str = "", seen: str = ""
) -> CalendarYear:
    """Set the days of one year of a layer from its notice, in place of what stood there, and have the open clocks re-dated.

    Idempotent: importing what stands already changes nothing. `seen` is the fingerprint of the calendars that a person looked at in the
    preview; where they have changed since, the import is refused. Raises CalendarFileError (every mistake with its line) and NotYours.
    """
    if actor.user_id is not None:
        actor.require("manage_rules", actor.organ_id)
    if not notice.strip():
        raise Refused("请写明这一年安排的依据（通知名称），日历上的每一天都要能说出来源。", field="notice")
    check_rows(layer=layer, year=year, rows=rows)
    with transaction.atomic():
        _hold_alone()
        if seen and seen != fingerprint():
            raise Refused("预览之后日历又被改动过，没有录入。请重新上传，按新的预览确认。", code="calendar_changed")
        standing = CalendarYear.objects.filter(layer=layer, year=year).first()
        if standing is not None and _same(standing, rows=rows, notice=notice, url=url):
            return standing
        imported = _replace(standing, layer=layer, year=year, rows=rows, notice=notice, url=url, at=at)
        write(
            verb="calendar.import",
            actor=actor,
            subject=imported,
            at=at,
            before={"notice": standing.notice} if standing else None,
            after={"layer": layer, "year": year, "notice": notice, "days": len(rows)},
        )
        for handler in calendar_changed.of("any"):
            handler(regions=queries.regions_under(layer), at=at, notice=notice)
    return imported


def load_layer(*, layer: str, years: Sequence[ShippedYear], actor: Actor, at: datetime) -> list[int]:
    """Import the years of a layer that the database does not have; returns them. A year that stands is left as it is: an administrator
    may have corrected it."""
    standing = set(CalendarYear.objects.filter(layer=layer).values_list("year", flat=True))
    missing = [shipped for shipped in years if shipped.layer == layer and shipped.year not in standing]
    for shipped in missing:
        import_year(layer=layer, year=shipped.year, rows=shipped.rows, notice=shipped.notice, url=shipped.url, actor=actor, at=at)
    return [shipped.year for shipped in missing]


def proposed(*, layer: str, year: int, rows: Sequence[Row], notice: str) -> dict[str, Calendar]:
    """The calendars of the regions that the import would touch, as they would be after it. Changes nothing."""
    layers = queries.layers()
    layers[layer] = _with_year(layers.get(layer, Layer(key=layer, notices={}, days=())), year=year, rows=rows, notice=notice)
    return {
        region: Calendar(national=layers[""], regional=layers.get(region, Layer(key=region, notices={}, days=())) if region else None)
        for region in queries.regions_under(layer)
    }


def compare(*, layer: str, year: int, rows: Sequence[Row], notice: str = "") -> list[ChangedDay]:
    """The days that the import would make something else, in order. Raises CalendarFileError like the import itself."""
    check_rows(layer=layer, year=year, rows=rows)
    before = queries.calendar_of(layer)
    after = proposed(layer=layer, year=year, rows=rows, notice=notice)[layer]
    changed = []
    for day in _days_of_notice(year):
        old, new = before.kind_of(day), after.kind_of(day)
        if (old.counted, old.words) != (new.counted, new.words):
            changed.append(ChangedDay(day=day, before=old.words, after=new.words, was_counted=old.counted, counts=new.counted))
    return changed


def fingerprint() -> str:
    """Tells whether any calendar has changed since."""
    return "-".join(str(part) for part in queries.read_stamp()[1:])


def _hold_alone() -> None:
    """Wait until no act that counts on the calendar is under way, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [queries.LOCK_KEY])


def _same(standing: CalendarYear, *, rows: Sequence[Row], notice: str, url: str) -> bool:
    """Whether the rows of the database say what the file says."""
    days = {(row.day, row.kind.value, row.name, row.notice if row.notice != notice else "") for row in rows}
    return standing.notice == notice and standing.url == url and days == set(standing.days.values_list("day", "kind", "name", "notice"))


def _replace(
    standing: CalendarYear | None, *, layer: str, year: int, rows: Sequence[Row], notice: str, url: str, at: datetime
) -> CalendarYear:
    """A new row for the year in place of the old one: its new id is what tells every process that the calendar changed."""
    if standing is not None:
        standing.delete()
    imported = CalendarYear.objects.create(layer=layer, year=year, notice=notice, url=url, imported_at=at)
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar_year=imported, day=row.day, kind=row.kind, name=row.name, notice=row.notice if row.notice != notice else "")
        for row in rows
    )
    return imported


def _with_year(layer: Layer, *, year: int, rows: Sequence[Row], notice: str) -> Layer:
    """The layer as it would be with the notice of `year`."""
    kept = (special for special in layer.days if special.year != year)
    new = (SpecialDay(year=year, day=row.day, kind=row.kind, name=row.name, notice=row.notice or notice) for row in rows)
    return Layer(key=layer.key, notices={**layer.notices, year: notice}, days=(*kept, *new))


def _days_of_notice(year: int) -> list[date]:
    """The days that a notice of `year` may set: December of the year before, and the year."""
    first, last = date(year - 1, 12, 1).toordinal(), date(year, 12, 31).toordinal()
    return [date.fromordinal(ordinal) for ordinal in range(first, last + 1)]
