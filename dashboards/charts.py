"""Two small charts as points of an SVG, so that they print and need nothing but the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 220, 40, 24, 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One month of a chart, in the coordinates of its SVG."""

    x: float
    y: float
    height: float
    words: str
    label: str
    label_y: float


def _xs(count: int) -> list[float]:
    step = (WIDTH - LEFT - 12) / max(count, 1)
    return [round(LEFT + step * (index + 0.5), 1) for index in range(count)]


def rate_line(months: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """按期率 per month as a line; the axis begins at a multiple of ten below the lowest month, and says so."""
    rates = [month["rate"] for month in months if month["rate"] is not None]
    lowest = min(rates, default=90.0)
    floor = max(0, int(lowest // 10) * 10 - (10 if lowest % 10 == 0 and lowest else 0))
    return _chart(months, "rate", floor=float(floor), top=100.0)


def automatic_bars(months: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Automatic claims per month as bars from zero."""
    top = max([month["automatic"] for month in months] + [4])
    return _chart(months, "automatic", floor=0.0, top=float(-(-top // 4) * 4))


def _chart(months: Sequence[dict[str, Any]], key: str, *, floor: float, top: float) -> dict[str, Any]:
    span, drop = top - floor or 1.0, HEIGHT - TOP - BOTTOM

    def height(value: float) -> float:
        return round(TOP + drop * (1 - (value - floor) / span), 1)

    points = [
        Point(
            x=x,
            y=height(month[key]),
            height=round(HEIGHT - BOTTOM - height(month[key]), 1),
            words=f"{month['month']:%y.%m}",
            label=f"{month[key]:g}",
            label_y=height(month[key]) - 8,
        )
        for x, month in zip(_xs(len(months)), months, strict=True)
        if month[key] is not None
    ]
    axis = [{"y": height(floor + span * part / 4), "words": f"{floor + span * part / 4:g}"} for part in range(5)]
    ticks = [{"x": x, "words": f"{month['month']:%y.%m}"} for x, month in zip(_xs(len(months)), months, strict=True)]
    path = " ".join(f"{point.x},{point.y}" for point in points)
    return {
        "points": points,
        "axis": axis,
        "ticks": ticks,
        "path": path,
        "width": WIDTH,
        "height": HEIGHT,
        "right": WIDTH - 8,
        "left": LEFT,
    }
