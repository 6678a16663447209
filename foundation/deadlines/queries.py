"""Reading rulebooks and clocks. Reads never settle: they show what follows from the clocks at a moment."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from foundation.common import hooks
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.deadlines.models import Deadline, Rulebook, Term
from foundation.deadlines.statuses import ClockState, Effect
from foundation.organizations.models import County
from foundation.workdays.counting import Calendar
from foundation.workdays.queries import calendar_of

OPEN = (ClockState.RUNNING, ClockState.HELD)


def rulebook_on(*, county_id: int, day: date) -> Rulebook:
    """The county's rulebook in force on `day`; where none is, the last one before it, else the first (E-20).

    Raises Refused where the county has no rulebook at all.
    """
    books = list(Rulebook.objects.filter(county_id=county_id).order_by("-valid_from"))
    if not books:
        raise Refused("本县还没有载入规则，不能起算期限。请系统管理员先载入本县的规则文件。")
    return next((book for book in books if book.valid_from <= day), books[-1])


def term_of(*, rulebook: Rulebook, key: str) -> Term | None:
    """The term of a rulebook, or None where the county has no such duty."""
    term = Term.objects.filter(rulebook=rulebook, key=key).first()
    if term:
        term.rulebook = rulebook
    return term


def calendar_for_county(county_id: int) -> Calendar:
    """The calendar of the obliged organ's county: the national layer and, where there is one, the regional layer over it (E-36)."""
    return calendar_of(County.objects.values_list("region", flat=True).get(pk=county_id))


def type_of(model: type[Model]) -> ContentType:
    """The content type of a clock's subject (cached by Django)."""
    return ContentType.objects.get_for_model(model)


def clocks_of(subject: Model) -> QuerySet[Deadline]:
    """Every clock of a subject, ended ones included, in order of their start."""
    return (
        Deadline.objects.filter(subject_type=type_of(type(subject)), subject_id=subject.pk)
        .select_related("term__rulebook", "organ")
        .order_by("started_at", "id")
    )


def clocks_by_subject(model: type[Model], ids: Iterable[int], *, keys: Sequence[str] = ()) -> dict[int, Deadline]:
    """The latest clock of each subject (of the named terms, where given), in one query."""
    rows = Deadline.objects.filter(subject_type=type_of(model), subject_id__in=list(ids)).select_related("term__rulebook")
    if keys:
        rows = rows.filter(term__key__in=keys)
    return {row.subject_id: row for row in rows.order_by("id")}


def lapsed(model: type[Model], *, effect: Effect, at: datetime) -> Exists:
    """Whether a clock of the outer subject has taken `effect` by the moment `at`, written down yet or not.

    For `with_effective_state` of the rooms: a lapse is a fact of time, whether or not the sweep has been round.
    """
    return Exists(
        Deadline.objects.filter(
            subject_type=type_of(model),
            subject_id=OuterRef("pk"),
            state=ClockState.RUNNING,
            provisional=False,
            due_at__lte=at,
            term__effect=effect,
        )
    )


def not_lapsed(at: datetime) -> Q:
    """Leaves out clocks whose effect has happened by `at`: they no longer owe anything, whether or not the sweep has been round."""
    return ~Q(due_at__lte=at, provisional=False, term__effect__in=hooks.on_expired.names())


def visible_clock(*, actor: Actor, pk: int) -> Deadline:
    """The clock, if the actor may see the organ that owes it or the subject it runs on; raises Deadline.DoesNotExist otherwise."""
    row = Deadline.objects.select_related("term__rulebook", "organ", "county").get(pk=pk, county_id=actor.county_id)
    if actor.may("view_matter", row.organ_id) or _sees_subject(row, actor):
        return row
    raise Deadline.DoesNotExist


def _sees_subject(row: Deadline, actor: Actor) -> bool:
    """Asked of the room that the subject lives in: the sender of a push sees the receiver's clock."""
    model = row.subject_type.model_class()
    visible = hooks.visible_of.of(model._meta.label_lower) if model else []
    return any(source(actor=actor, ids=[row.subject_id]) for source in visible)
