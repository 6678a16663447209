"""How templates show clocks, dates and articles. The moment, the calendars and the rulebooks are read once per page, not per chip."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from foundation.common import clock as clocks
from foundation.deadlines import words
from foundation.deadlines.models import Deadline, Rulebook, Term
from foundation.deadlines.queries import calendar_for_county
from foundation.workdays.counting import Calendar

register = template.Library()


class Face:
    """What every chip of a page needs: the moment of the page, and the calendars and rulebook keys looked up so far."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or clocks.now()
        self._calendars: dict[int, Calendar] = {}
        self._keys: dict[int, str] = {}

    def calendar(self, county_id: int) -> Calendar:
        """The calendar of a county, looked up once."""
        if county_id not in self._calendars:
            self._calendars[county_id] = calendar_for_county(county_id)
        return self._calendars[county_id]

    def rulebook_key(self, term: Term) -> str:
        """The key of a term's rulebook, looked up once where the term came without it."""
        if Term.rulebook.is_cached(term):
            return term.rulebook.key
        if term.rulebook_id not in self._keys:
            self._keys |= dict(Rulebook.objects.values_list("pk", "key"))
        return self._keys[term.rulebook_id]

    def chip(self, deadline: Deadline) -> words.Chip:
        """The chip of a clock; its `aside` is used where the page attached one."""
        return words.chip_of(deadline, at=self.at, calendar=self.calendar(deadline.county_id), aside=getattr(deadline, "aside", None))


def face_of(context: Context) -> Face:
    """The face of this page, kept on its request (or, without one, on the context)."""
    request = context.get("request")
    keeper: Any = request.__dict__ if request is not None else context.dicts[0]
    if "clock_face" not in keeper:
        keeper["clock_face"] = Face()
    face: Face = keeper["clock_face"]
    return face


@register.inclusion_tag("parts/clock_chip.html", takes_context=True)
def clock_chip(context: Context, deadline: Deadline | None) -> dict[str, Any]:
    """The chip of a clock; nothing where there is no clock."""
    return {"chip": face_of(context).chip(deadline) if deadline else None}


@register.inclusion_tag("parts/due_line.html", takes_context=True)
def due_line(context: Context, deadline: Deadline | None) -> dict[str, Any]:
    """The line below a chip: the due date that opens its reason, or the moment of what happened."""
    if deadline is None:
        return {"chip": None}
    return {"chip": face_of(context).chip(deadline), "clock": deadline, "due_at": clocks.local(deadline.due_at)}


@register.inclusion_tag("parts/term_article.html", takes_context=True)
def article(context: Context, term: Term) -> dict[str, Any]:
    """The article of a term, as a link to its row on the rules page."""
    return {"term": term, "url": f"{reverse('rules')}?rulebook={face_of(context).rulebook_key(term)}#{term.key}"}


@register.filter
def cn_day(day: date | datetime | None) -> str:
    """10月15日（四）; the year only where it is not this year."""
    if day is None:
        return ""
    return words.cn_day(clocks.civil_day(day) if isinstance(day, datetime) else day, year=clocks.this_year())


@register.filter
def cn_date(day: date | datetime | None) -> str:
    """10月15日; the year only where it is not this year."""
    if day is None:
        return ""
    return words.cn_date(clocks.civil_day(day) if isinstance(day, datetime) else day, year=clocks.this_year())


@register.filter
def cn_full_date(day: date | None) -> str:
    """2022年9月30日."""
    return words.cn_date(day, year=0) if day else ""


@register.filter
def cn_moment(moment: datetime | None) -> str:
    """10月9日 16:20: the moment of an act."""
    return words.cn_moment(moment, year=clocks.this_year()) if moment else ""


@register.filter
def cn_end(moment: datetime | None) -> str:
    """10月15日（四）24:00: a due moment or a legal moment of the clock."""
    return words.cn_end(moment, year=clocks.this_year()) if moment else ""


@register.filter
def cn_range(days: tuple[date, date]) -> str:
    """10月1日至7日."""
    return words.cn_range(days[0], days[1], year=clocks.this_year())


@register.filter
def length_words(term: Term) -> str:
    """5 个工作日."""
    return words.length_words(term)


@register.filter
def event_words(term: Term) -> str:
    """推送; 会议召开，往前数."""
    return words.event_words(term)


@register.filter
def consequence_words(term: Term) -> str:
    """系统自动认领，单列统计."""
    return words.consequence_words(term)


@register.filter
def short_consequence(term: Term) -> str:
    """到期自动认领; empty where nothing happens by itself."""
    return words.short_consequence(term)


@register.filter
def reminder_words(term: Term) -> str:
    """前 1 个工作日."""
    return words.reminder_words(term)
