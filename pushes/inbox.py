"""What the inbox lists: the pushes of one organ by what has become of them, and the returns that wait for its own answer.

Lists show the effective state. They are bounded: what is open is small for every organ, and of what is closed only the newest are counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from foundation.common import clock
from foundation.deadlines.asides import attach_asides
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import calendar_for_county, clocks_by_subject, lapsed, type_of
from foundation.deadlines.statuses import ClockState, Effect
from pushes.models import Push
from pushes.queries import CLAIM_KEYS, with_effective_state
from pushes.statuses import PushState

MOST_COUNTED = 1000
"""Counts of closed pushes stop here: a screen that says "1000 以上" says enough."""
SOON_WORKDAYS = 2
SEGMENTS = {
    "waiting": "未认领",
    "claimed": "已认领",
    "auto": "自动认领",
    "returned": "已退回",
    "answer": "退回待答",
}
TERMS = {"over": "已逾期", "today": "今天届满", "soon": "剩 1–2 个工作日", "ok": "剩 3 个工作日以上", "none": "没有期限"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a person asked for on the page; empty means everything."""

    term: str = ""
    title: str = ""
    kind: str = ""
    sender: int | None = None
    text: str = ""

    @classmethod
    def of(cls, wish: Mapping[str, str]) -> "Filters":
        """Read from an address; nonsense counts as nothing."""
        term, sender = wish.get("term", ""), wish.get("sender", "")
        return cls(
            term=term if term in TERMS else "",
            title=wish.get("title", "")[:200],
            kind=wish.get("kind", ""),
            sender=int(sender) if sender.isascii() and sender.isdecimal() and len(sender) < 10 else None,
            text=wish.get("q", "").strip()[:100],
        )

    @property
    def any(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.term or self.title or self.kind or self.sender or self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: the push, and the clock that its chip shows."""

    push: Push
    clock: Deadline | None
    urgent: bool = False
    """Whether the act is overdue or due today: its button is the solid one."""


def _received(organ_id: int) -> QuerySet[Push]:
    return Push.objects.filter(receiver_id=organ_id)


def waiting_at(rows: QuerySet[Push], at: datetime) -> QuerySet[Push]:
    """Those of `rows` that still have to be claimed at the moment `at`, with their effective state."""
    return with_effective_state(rows.filter(~lapsed(Push, effect=Effect.AUTO_CLAIM, at=at), state=PushState.WAITING), at)


def waiting(organ_id: int, *, at: datetime) -> QuerySet[Push]:
    """Pushes the organ has to claim, nearest moment first; one without a clock comes last."""
    due = Deadline.objects.filter(
        subject_type=type_of(Push), subject_id=OuterRef("pk"), state=ClockState.RUNNING, term__key__in=CLAIM_KEYS
    ).values("due_at")[:1]
    return waiting_at(_received(organ_id), at).annotate(due_at=Subquery(due)).order_by(F("due_at").asc(nulls_last=True), "pushed_at", "pk")


def _lapsed_ids(organ_id: int, *, at: datetime) -> list[int]:
    """Pushes the clock has claimed by `at` although nobody has written it down yet."""
    return list(
        Deadline.objects.filter(
            organ_id=organ_id,
            state=ClockState.RUNNING,
            due_at__lte=at,
            provisional=False,
            term__effect=Effect.AUTO_CLAIM,
            subject_type=type_of(Push),
        ).values_list("subject_id", flat=True)
    )


def _automatic(organ_id: int, *, at: datetime) -> QuerySet[Push]:
    ids = _lapsed_ids(organ_id, at=at)
    mine = Q(state=PushState.AUTO_CLAIMED)
    return _received(organ_id).filter(mine | Q(pk__in=ids, state=PushState.WAITING) if ids else mine)


def segment(key: str, *, organ_id: int, at: datetime) -> QuerySet[Push]:
    """The pushes of one segment in the order of the page."""
    if key == "waiting":
        return waiting(organ_id, at=at)
    rows = {
        "claimed": lambda: _received(organ_id).filter(state=PushState.CLAIMED),
        "auto": lambda: _automatic(organ_id, at=at),
        "returned": lambda: _received(organ_id).filter(state__in=(PushState.RETURNED, PushState.PARKED)),
        "answer": lambda: Push.objects.filter(sender_id=organ_id, state__in=(PushState.RETURNED, PushState.PARKED)),
    }[key]()
    return with_effective_state(rows, at).order_by("-pushed_at", "-pk")


def counts(*, organ_id: int, at: datetime, may_answer: bool) -> dict[str, int]:
    """How many stand in each segment (closed ones up to MOST_COUNTED); `answer` only for those who answer returns."""
    keys = [key for key in SEGMENTS if key != "answer" or may_answer]
    return {key: segment(key, organ_id=organ_id, at=at).order_by()[:MOST_COUNTED].count() for key in keys}


def due_edges(*, county_id: int, at: datetime) -> tuple[datetime, datetime]:
    """24:00 of today, and 24:00 of the second working day after it: where the colours change."""
    today = clock.civil_day(at)
    return clock.end_of(today), clock.end_of(calendar_for_county(county_id).add(today, SOON_WORKDAYS).last_day)


def term_counts(*, organ_id: int, county_id: int, at: datetime) -> dict[str, int]:
    """How many waiting pushes stand under each colour, in one query."""
    edges = due_edges(county_id=county_id, at=at)
    return waiting(organ_id, at=at).order_by().aggregate(**{key: Count("pk", filter=_due(key, at, edges)) for key in TERMS})


def _due(term: str, at: datetime, edges: tuple[datetime, datetime]) -> Q:
    tonight, soon = edges
    return {
        "over": Q(due_at__lte=at),
        "today": Q(due_at__gt=at, due_at__lte=tonight),
        "soon": Q(due_at__gt=tonight, due_at__lte=soon),
        "ok": Q(due_at__gt=soon),
        "none": Q(due_at=None),
    }[term]


def filtered(rows: QuerySet[Push], wish: Filters, *, key: str, county_id: int, at: datetime) -> QuerySet[Push]:
    """The rows that fit. The colour of a term only means something while a push waits."""
    if wish.term and key == "waiting":
        rows = rows.filter(_due(wish.term, at, due_edges(county_id=county_id, at=at)))
    if wish.title:
        rows = rows.filter(title=wish.title)
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    if wish.sender:
        rows = rows.filter(sender_id=wish.sender)
    if wish.text:
        rows = rows.filter(Q(party_name__icontains=wish.text) | Q(document_number__icontains=wish.text))
    return rows


def choices(*, organ_id: int, at: datetime) -> tuple[list[str], dict[int, str]]:
    """The items and the senders that the filter offers: those of what waits, in one query."""
    found = waiting(organ_id, at=at).order_by().values_list("title", "sender_id", "sender__short_name").distinct()
    rows = list(found)
    return sorted({title for title, _, _ in rows}), {pk: name for _, pk, name in sorted(rows, key=lambda row: row[2])}


def lines(pushes: Sequence[Push], *, at: datetime) -> list[Line]:
    """The rows with their claim clocks: two queries, at most four, however many rows."""
    clocks = clocks_by_subject(Push, [push.pk for push in pushes], keys=CLAIM_KEYS)
    attach_asides(clocks.values())
    tonight = clock.end_of(clock.civil_day(at))
    return [Line(push=push, clock=one, urgent=_urgent(one, tonight)) for push in pushes for one in (clocks.get(push.pk),)]


def _urgent(one: Deadline | None, tonight: datetime) -> bool:
    return one is not None and not one.term.advisory and not one.provisional and one.due_at <= tonight
