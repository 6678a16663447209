"""Rows of the linkage catalogue that name a leaver as liaison: they name the successor, or nobody, so that the organ's first officer answers."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from catalogue.models import Mapping
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.hooks import OpenWork
from foundation.journal import actions as journal
from foundation.organizations.models import Liaison


def _named(user_id: int, organ_id: int) -> QuerySet[Mapping]:
    today = clock.today()
    return Mapping.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), organ_id=organ_id, liaison_id=user_id).order_by("pk")


def open_work(*, user_id: int, organ_id: int) -> Iterable[OpenWork]:
    """The rows in force, or to come, that name the person."""
    for row in _named(user_id, organ_id).select_related("handling_item__item"):
        yield OpenWork(kind="目录中的指名联络员", subject_id=row.pk, title=row.handling_item.full_name)


def hand_over(*, user_id: int, organ_id: int, to_user_id: int, actor: Actor) -> int:
    """Name the successor in a leaver's rows if the organ's register has the person, else nobody; returns how many rows."""
    at = clock.now()
    rows = list(_named(user_id, organ_id).select_for_update(no_key=True, of=("self",)))
    today = clock.civil_day(at)
    on_duty = Liaison.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), organ_id=organ_id, user_id=to_user_id, section=None)
    named = to_user_id if on_duty.exists() else None
    Mapping.objects.filter(pk__in=[row.pk for row in rows]).update(liaison_id=named)
    before, after = {"liaison": user_id}, {"liaison": named}
    journal.write_many(journal.entry(verb="mapping.hand_over", actor=actor, subject=row, at=at, before=before, after=after) for row in rows)
    return len(rows)
