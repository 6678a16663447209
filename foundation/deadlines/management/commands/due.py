"""Says when a term ends, and why."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.common import clock
from foundation.common.errors import Refused
from foundation.deadlines.dating import Dated, date_term
from foundation.deadlines.explain import DayLine, day_lines
from foundation.deadlines.models import Rulebook, Term
from foundation.deadlines.queries import rulebook_on, term_of
from foundation.deadlines.words import cn_date, cn_end, event_words, length_words
from foundation.organizations.models import County
from foundation.workdays.counting import OutOfCalendar
from foundation.workdays.queries import calendar_of


class Command(BaseCommand):
    """Print the last day and the due instant of a term for an event, with the reasoning day by day."""

    help = "Print when a term of a county ends for an event at a given time, and why, day by day."

    def add_arguments(self, parser: CommandParser) -> None:
        """County, term and moment."""
        parser.add_argument("--county", required=True, help="division code (GB/T 2260), such as 360735")
        parser.add_argument("--term", required=True, help="key of the term in the rulebook, such as claim")
        parser.add_argument("--at", required=True, help="moment of the event in Asia/Shanghai: 2026-09-30T10:00")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, county: str, term: str, at: str, **options: Any) -> None:
        """Count and print; nothing is stored."""
        moment = _moment(at)
        place = County.objects.filter(code=county).first()
        if place is None:
            known = "、".join(f"{row.code} {row.name}" for row in County.objects.all())
            raise CommandError(f"没有代码为 {county} 的县。已有：{known or '无，请先运行 load_ground'}")
        try:
            rulebook = rulebook_on(county_id=place.pk, day=moment.date())
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        found = term_of(rulebook=rulebook, key=term)
        if found is None:
            keys = "、".join(rulebook.terms.values_list("key", flat=True))
            raise CommandError(f"{rulebook.key} 里没有期限 {term}。已有：{keys}")
        calendar = calendar_of(place.region)
        try:
            dated = date_term(term=found, started_at=moment, calendar=calendar)
        except OutOfCalendar as error:
            raise CommandError(str(error)) from error
        days = day_lines(term=found, day_zero=dated.day_zero, last_day=dated.last_day, calendar=calendar)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(rulebook, found, dated, days), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_as_text(rulebook, found, dated, days, moment))


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise CommandError(f"看不懂时间“{words}”。写法：2026-09-30T10:00（北京时间），也可以带时区 2026-09-30T10:00+08:00。") from error
    return clock.local(moment) if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


def _as_json(rulebook: Rulebook, term: Term, dated: Dated, days: list[DayLine]) -> dict[str, Any]:
    return {
        "last_day": dated.last_day.isoformat(),
        "due_at": clock.local(dated.due_at).isoformat(),
        "provisional": dated.provisional,
        "rulebook": rulebook.key,
        "article": term.article,
        "days": [line.as_json() for line in days],
    }


def _as_text(rulebook: Rulebook, term: Term, dated: Dated, days: list[DayLine], moment: datetime) -> str:
    year = moment.year
    expired = rulebook.valid_to is not None and rulebook.valid_to < dated.day_zero
    lines = [
        f"{term.name}：{rulebook.key} {term.article}，自{event_words(term)}，{length_words(term)}",
        f"届满：{cn_end(dated.due_at, year=year)}{'（暂定：所在年度的放假安排尚未公布）' if dated.provisional else ''}",
        *([f"规则已过有效期：{cn_date(rulebook.valid_to, year=0)}届满，没有接续版本"] if expired and rulebook.valid_to else []),
        "",
        *(f"{line.day.isoformat()} {line.weekday}  {line.number_words:<6}{line.note}  {line.source}" for line in days),
    ]
    return "\n".join(lines)
