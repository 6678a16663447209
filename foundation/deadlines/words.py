"""The words of clocks, dates and terms. Pure: what is shown follows from a clock, a moment and a calendar.

24:00 belongs to the day it ends. N counts working days after today up to the last day; for what is overdue, working days after the last
day up to today; terms in calendar days or months say 天. The year is printed only where it is not the year of the screen.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from foundation.common import clock as clocks
from foundation.common import hooks
from foundation.deadlines.models import Deadline, Term
from foundation.deadlines.statuses import ClockState, Direction, Effect, Unit
from foundation.workdays.counting import Calendar

WEEKDAYS = "一二三四五六日"
SOON = 2
"""With this many days left, or fewer, a running clock turns amber."""
EXPIRED_WORDS = {
    Effect.AUTO_CLAIM: "自动认领",
    Effect.DEEMED_CONSENT: "视为同意",
    Effect.DEEMED_RENEWED: "视为准予延续",
    Effect.DECISION_TASK: "已转决定事项",
}
CONSEQUENCES = {
    Effect.AUTO_CLAIM: "系统自动认领，单列统计",
    Effect.DEEMED_CONSENT: "视为同意",
    Effect.DEEMED_RENEWED: "视为准予延续",
    Effect.DECISION_TASK: "转为决定事项",
    Effect.ESCALATE: "记为逾期，并上报",
    Effect.OVERDUE: "记为逾期",
    Effect.WARN: "可以迟办，须写理由",
    Effect.NOTICE: "提醒",
    Effect.ADVISORY: "提示",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What the words of some states need beyond the clock itself: the cause of a cancellation, who must answer a return, an exemption."""

    cause: str = ""
    reassigned_to: str = ""
    answer_by: str = ""
    answer_due_at: datetime | None = None
    excused_by: str = ""
    excused_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A clock as a page shows it: colour (`tone`), icon and words together, and the line below.

    `links` says that the line is the date whose reason stands behind it.
    """

    tone: str
    icon: str
    words: str
    line: str = ""
    links: bool = False

    @property
    def css(self) -> str:
        """The classes of the chip; a grey one has no colour of its own."""
        return f"ld-clock ld-clock-{self.tone}" if self.tone else "ld-clock"


def chip_of(
    deadline: Deadline, *, at: datetime, calendar: Calendar, aside: Aside | None = None, effects: Collection[str] | None = None
) -> Chip:
    """The chip of a clock at the moment `at`. A lapse shows at its moment, whether or not the sweep has been round.

    `effects` are the effects that end a clock by themselves (those that a room has registered, unless given).
    """
    aside = aside or Aside()
    if deadline.state == ClockState.MET:
        return _met(deadline, at, calendar, aside)
    if deadline.state == ClockState.CANCELLED:
        return _cancelled(deadline, at, aside)
    if deadline.state == ClockState.HELD:
        return _held(deadline, at, aside)
    effect = Effect(deadline.term.effect)
    ending = hooks.on_expired.names() if effects is None else effects
    lapsed = at >= deadline.due_at and effect in ending and not deadline.provisional and deadline.parked_at is None
    if deadline.state == ClockState.EXPIRED or lapsed:
        line = cn_moment(deadline.due_at, year=at.year, ends=True)
        return Chip(tone="auto", icon="clock-cog", words=EXPIRED_WORDS.get(effect, str(effect.label)), line=line)
    if deadline.provisional:
        return _provisional(deadline, at, calendar)
    if at >= deadline.due_at:
        return _passed(deadline, at, calendar, aside)
    return _running(deadline, at, calendar)


def _running(deadline: Deadline, at: datetime, calendar: Calendar) -> Chip:
    today, line = clocks.civil_day(at), cn_end(deadline.due_at, year=at.year)
    if today >= deadline.last_day:
        if deadline.term.advisory:
            return Chip(tone="", icon="info-circle", words="建议期限·今天", line=line, links=True)
        return Chip(tone="today", icon="alarm", words=f"今天 {_hour(deadline.due_at)} 届满", line=line, links=True)
    left, words = _span(deadline, today, deadline.last_day, calendar)
    if not left:  # only rest days lie between today and a last day that is a rest day itself
        left = (deadline.last_day - today).days
        words = f"{left} 天"
    if deadline.term.advisory:
        return Chip(tone="", icon="info-circle", words=f"建议期限·剩 {words}", line=line, links=True)
    if left > SOON:
        return Chip(tone="ok", icon="clock", words=f"剩 {words}", line=line, links=True)
    return Chip(tone="soon", icon="alert-triangle", words=f"剩 {words}", line=line, links=True)


def _provisional(deadline: Deadline, at: datetime, calendar: Calendar) -> Chip:
    today, line = clocks.civil_day(at), cn_end(deadline.due_at, year=0)
    words = "暂定·待节假日公布" if today >= deadline.last_day else f"暂定·剩 {_span(deadline, today, deadline.last_day, calendar)[1]}"
    return Chip(tone="prov", icon="calendar-question", words=words, line=line, links=True)


def _passed(deadline: Deadline, at: datetime, calendar: Calendar, aside: Aside) -> Chip:
    since, words = _span(deadline, deadline.last_day, clocks.civil_day(at), calendar)
    line = cn_end(deadline.due_at, year=at.year)
    if deadline.term.advisory:
        return Chip(tone="", icon="info-circle", words=f"超过建议期限 {words}" if since else "超过建议期限", line=line, links=True)
    if aside.excused_for:
        text = f"已逾期 {words}·认定免责" if since else "已逾期·认定免责"
        return Chip(tone="late", icon="clock-x", words=text, line=f"{aside.excused_by}：{aside.excused_for}")
    if since:
        return Chip(tone="over", icon="alert-octagon", words=f"已逾期 {words}", line=line, links=True)
    return Chip(tone="over", icon="alert-octagon", words=f"已逾期，{cn_moment(deadline.due_at, year=at.year, ends=True)} 届满", links=True)


def _met(deadline: Deadline, at: datetime, calendar: Calendar, aside: Aside) -> Chip:
    done, settled = deadline.term.done_words, deadline.settled_at or deadline.due_at
    line = cn_moment(settled, year=at.year)
    if settled < deadline.due_at:
        return Chip(tone="met", icon="circle-check", words=f"按期{done}", line=line)
    late, words = _span(deadline, deadline.last_day, clocks.civil_day(settled), calendar)
    if deadline.term.advisory:
        return Chip(tone="", icon="info-circle", words=f"超过建议期限{f' {words}' if late else '后'}{done}", line=line)
    text = f"逾期 {words}{done}" if late else f"逾期{done}"
    if aside.excused_for:
        return Chip(tone="late", icon="clock-x", words=f"{text}·认定免责", line=f"{aside.excused_by}：{aside.excused_for}")
    return Chip(tone="late", icon="clock-x", words=text, line=line)


def _held(deadline: Deadline, at: datetime, aside: Aside) -> Chip:
    line = "答复之前，期满不产生后果"
    if aside.answer_due_at:
        line = f"{aside.answer_by or '审批局'}应在 {cn_end(aside.answer_due_at, year=at.year)} 前答复"
    return Chip(tone="", icon="arrow-back-up", words="已退回·等审批局答复", line=line)


def _cancelled(deadline: Deadline, at: datetime, aside: Aside) -> Chip:
    if aside.reassigned_to:
        day = cn_moment(deadline.settled_at, year=at.year) if deadline.settled_at else ""
        return Chip(tone="", icon="arrow-back-up", words="已改派·新期限另起", line=f"{aside.reassigned_to} {day}".strip())
    return Chip(tone="off", icon="ban", words="期限已取消", line=aside.cause)


def _span(deadline: Deadline, after: date, until: date, calendar: Calendar) -> tuple[int, str]:
    """How many days d with after < d <= until, in the term's own unit, as a number and in words."""
    if deadline.term.unit in (Unit.DAYS, Unit.MONTHS):
        count = max((until - after).days, 0)
        return count, f"{count} 天"
    count = calendar.between(after, until)
    return count, f"{count} 个工作日"


# Dates


def weekday(day: date) -> str:
    """一 to 日."""
    return WEEKDAYS[day.weekday()]


def cn_date(day: date, *, year: int) -> str:
    """10月15日, with the year where it is not `year` (0: always)."""
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}年{day.month}月{day.day}日"


def cn_day(day: date, *, year: int) -> str:
    """10月15日（四）."""
    return f"{cn_date(day, year=year)}（{weekday(day)}）"


def cn_moment(moment: datetime, *, year: int, ends: bool = False) -> str:
    """9月29日 16:20. With `ends`, the first instant of a day is 24:00 of the day before."""
    local = clocks.local(moment)
    if ends and _is_midnight(local):
        return f"{cn_date(clocks.day_of_effect(local), year=year)} 24:00"
    return f"{cn_date(local.date(), year=year)} {local:%H:%M}"


def cn_end(due_at: datetime, *, year: int) -> str:
    """10月15日（四）24:00: a due moment. The first instant of a day is 24:00 of the day before."""
    local = clocks.local(due_at)
    day = clocks.day_of_effect(local) if _is_midnight(local) else local.date()
    return f"{cn_day(day, year=year)}{_hour(due_at)}"


def cn_range(first: date, last: date, *, year: int) -> str:
    """10月1日至7日; 9月30日至10月2日; one day alone with its weekday."""
    if first == last:
        return cn_day(first, year=year)
    end = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else cn_date(last, year=first.year)
    return f"{cn_date(first, year=year)}至{end}"


def _hour(due_at: datetime) -> str:
    local = clocks.local(due_at)
    return "24:00" if _is_midnight(local) else f"{local:%H:%M}"


def _is_midnight(local: datetime) -> bool:
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


# Terms


def length_words(term: Term) -> str:
    """5 个工作日; 3 个工作日前; 当日 24:00; 当日 15:00."""
    if term.unit == Unit.SAME_DAY:
        return "当日 24:00"
    if term.unit == Unit.CLOCK_TIME and term.clock_time:
        return f"当日 {term.clock_time:%H:%M}"
    return f"{term.length} {Unit(term.unit).label}{'前' if term.direction == Direction.BEFORE else ''}"


def event_words(term: Term) -> str:
    """What the term runs from; a backward term says so."""
    return f"{term.event_words}，往前数" if term.direction == Direction.BEFORE else term.event_words


def consequence_words(term: Term) -> str:
    """What follows when the moment passes."""
    return CONSEQUENCES[Effect(term.effect)]


def short_consequence(term: Term) -> str:
    """The same in the fewest words, for beside a length: 到期自动认领."""
    effect = Effect(term.effect)
    return f"到期{EXPIRED_WORDS[effect]}" if effect in (Effect.AUTO_CLAIM, Effect.DEEMED_CONSENT, Effect.DEEMED_RENEWED) else ""


def reminder_words(term: Term) -> str:
    """前 1 个工作日、届满时; 无 where nothing is sent."""
    units = {Unit.WORKDAYS.value: "个工作日", Unit.DAYS.value: "天"}
    sides = {"before": "前", "after": "后"}
    words = ["届满时" if one["side"] == "due" else f"{sides[one['side']]} {one['n']} {units[one['unit']]}" for one in term.remind]
    return "、".join(words) or "无"


def last_minute(due_at: datetime) -> str:
    """The last minute in time: 23:59."""
    return f"{clocks.local(due_at) - timedelta(minutes=1):%H:%M}"
