"""Reading the journal: behind the wall of the county, and only of the organs whose journal the reader may see."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Model, Q, QuerySet

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.journal.models import Entry
from foundation.journal.organs import names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a reader looks for. Empty fields ask nothing; days are civil days of recording in Asia/Shanghai, both included."""

    subject_type: str = ""
    subject_id: int | None = None
    organ_id: int | None = None
    person: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None


def visible_for(actor: Actor) -> QuerySet[Entry]:
    """Rows of the organs on which the actor holds `view_journal`. Rows of no organ (acts of rules, of commands) are for those who
    hold it on every organ of the county, such as the auditor."""
    mine = actor.organs("view_journal")
    rows = Entry.objects.filter(county_id=actor.county_id)
    everywhere = set(names_of(actor.county_id))
    if everywhere and everywhere <= set(mine):
        return rows.filter(Q(organ_id__in=mine) | Q(organ_id=None))
    return rows.filter(organ_id__in=mine)


def narrowed(rows: QuerySet[Entry], wanted: Filter) -> QuerySet[Entry]:
    """The rows a reader looks for, newest first."""
    exact = {
        "subject_type": wanted.subject_type,
        "subject_id": wanted.subject_id,
        "organ_id": wanted.organ_id,
        "actor_name": wanted.person,
        "verb": wanted.verb,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.since:
        rows = rows.filter(recorded_at__gte=clock.start_of(wanted.since))
    if wanted.until:
        rows = rows.filter(recorded_at__lt=clock.end_of(wanted.until))
    return rows.order_by("-id")


def of_subject(subject: Model) -> QuerySet[Entry]:
    """Every act on one subject, oldest first. The caller has decided that the reader may see the subject."""
    return Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("id")
