"""The notices that come with the portal, in the data folder."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from foundation.workdays.counting import Calendar, Layer, SpecialDay
from foundation.workdays.reading import Row, read_rows

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedYear:
    """A notice that comes with the portal."""

    layer: str
    year: int
    notice: str
    url: str
    rows: list[Row]


def shipped_years() -> list[ShippedYear]:
    """The notices in the data folder, by layer and year."""
    files = {"": "national.csv"} | {key: f"{key.lower()}.csv" for key in shipped_layer_names() if key}
    rows = {layer: read_rows(filename=name, content=(DATA / name).read_bytes()) for layer, name in files.items()}
    with (DATA / "notices.csv").open(encoding="utf-8") as handle:
        return [
            ShippedYear(
                layer=line["layer"],
                year=int(line["year"]),
                notice=line["notice"],
                url=line["url"],
                rows=[row for row in rows[line["layer"]] if row.year == int(line["year"])],
            )
            for line in csv.DictReader(handle)
        ]


@lru_cache(maxsize=1)
def shipped_layer_names() -> Mapping[str, str]:
    """The names of the layers that come with the portal, by key."""
    with (DATA / "layers.csv").open(encoding="utf-8") as handle:
        return {line["layer"]: line["name"] for line in csv.DictReader(handle)}


def shipped_calendar(region: str = "") -> Calendar:
    """The calendar of a region as the data folder alone gives it, without a database."""
    years = shipped_years()
    return Calendar(national=_layer("", years), regional=_layer(region, years) if region else None)


def _layer(key: str, years: list[ShippedYear]) -> Layer:
    mine = [shipped for shipped in years if shipped.layer == key]
    days = tuple(
        SpecialDay(year=shipped.year, day=row.day, kind=row.kind, name=row.name, notice=row.notice or shipped.notice)
        for shipped in mine
        for row in shipped.rows
    )
    return Layer(key=key, notices={shipped.year: shipped.notice for shipped in mine}, days=days)
