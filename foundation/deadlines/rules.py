"""What the rules page reads: a county's rulebooks, their terms, and how many clocks run under each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from foundation.common import clock
from foundation.common.errors import Refused
from foundation.deadlines.models import Deadline, Rulebook, Term
from foundation.deadlines.parameter_names import GROUPS, NAMES
from foundation.deadlines.queries import OPEN, calendar_for_county, not_lapsed, rulebook_on
from foundation.deadlines.words import SOON

OWN_DEFAULT = "own default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many open clocks a term has, by the colours of their chips."""

    total: int = 0
    over: int = 0
    passed: int = 0
    today: int = 0
    soon: int = 0
    provisional: int = 0

    @property
    def words(self) -> list[str]:
        """逾期 4 件, 剩 1–2 日 2 件: what stands below the number."""
        named = (
            ("逾期", self.over),
            ("超过", self.passed),
            ("今天", self.today),
            (f"剩 1–{SOON} 日", self.soon),
            ("暂定", self.provisional),
        )
        return [f"{name} {count} 件" for name, count in named if count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A term with its tally."""

    term: Term
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A parameter as the page prints it."""

    name: str
    note: str
    authority: str
    own: bool


def rulebooks_of(county_id: int) -> list[Rulebook]:
    """Every version of the county's rules, the newest first."""
    return list(Rulebook.objects.filter(county_id=county_id).order_by("-valid_from"))


def chosen_rulebook(*, county_id: int, key: str, day: date) -> Rulebook | None:
    """The version asked for by its key, else the one that serves on `day`; None where the county has no such version or none at all."""
    if key:
        return Rulebook.objects.filter(county_id=county_id, key=key).first()
    try:
        return rulebook_on(county_id=county_id, day=day)
    except Refused:
        return None


def is_expired(rulebook: Rulebook, *, on: date) -> bool:
    """Whether the rulebook's last day is past (it may serve all the same, E-20)."""
    return rulebook.valid_to is not None and rulebook.valid_to < on


def rows_of(rulebook: Rulebook, *, at: datetime, obliged: str = "", nature: str = "", words: str = "") -> list[Row]:
    """The terms in the order of the source, filtered, each with its tally (one query for all tallies)."""
    terms: Iterable[Term] = rulebook.terms.order_by("position")
    tallies = _tallies(rulebook, at=at)
    return [
        Row(term=term, tally=tallies.get(term.pk, Tally()))
        for term in terms
        if (not obliged or term.obliged == obliged)
        and (not nature or term.advisory == (nature == "advisory"))
        and all(word in f"{term.article} {term.name} {term.summary} {term.event_words}" for word in words.split())
    ]


def obliged_of(rulebook: Rulebook) -> list[str]:
    """Who owes something under the rulebook, in order of first mention."""
    return list(dict.fromkeys(rulebook.terms.order_by("position").values_list("obliged", flat=True)))


def _tallies(rulebook: Rulebook, *, at: datetime) -> dict[int, Tally]:
    today = clock.civil_day(at)
    soon = calendar_for_county(rulebook.county_id).add(today, SOON).last_day
    final = Q(provisional=False)
    ahead = final & Q(due_at__gt=at)
    rows = (
        Deadline.objects.filter(term__rulebook=rulebook, state__in=OPEN)
        .filter(not_lapsed(at))
        .values("term_id")
        .annotate(
            total=Count("pk"),
            over=Count("pk", filter=final & Q(due_at__lte=at, term__advisory=False)),
            passed=Count("pk", filter=final & Q(due_at__lte=at, term__advisory=True)),
            today=Count("pk", filter=ahead & Q(last_day=today)),
            soon=Count("pk", filter=ahead & Q(last_day__gt=today, last_day__lte=soon)),
            unsure=Count("pk", filter=Q(provisional=True)),
        )
    )
    return {
        row["term_id"]: Tally(
            total=row["total"],
            over=row["over"],
            passed=row["passed"],
            today=row["today"],
            soon=row["soon"],
            provisional=row["unsure"],
        )
        for row in rows
    }


def choices_of(rulebook: Rulebook) -> list[tuple[str, list[Choice]]]:
    """The rulebook's parameters in groups; `own` marks what the county's text leaves open and this portal chose."""
    known = [(group, _choices(rulebook, list(names))) for group, names in GROUPS.items()]
    others = _choices(rulebook, [key for key in rulebook.parameters if key not in NAMES])
    return [(group, choices) for group, choices in [*known, ("其他", others)] if choices]


def _choices(rulebook: Rulebook, keys: Sequence[str]) -> list[Choice]:
    found = [(key, rulebook.parameters[key]) for key in keys if key in rulebook.parameters]
    return [
        Choice(
            name=NAMES.get(key, key),
            note=entry["note"],
            authority="本系统选定" if entry["authority"] == OWN_DEFAULT else entry["authority"],
            own=entry["authority"] == OWN_DEFAULT,
        )
        for key, entry in found
    ]
