"""Merging, splitting and abolishing organs: one act closes the old, names the successor, and moves people, register and open duties."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.journal import actions as journal
from foundation.organizations.grants import role_group, sync_county_grants
from foundation.organizations.models import Liaison, Membership, Organ, Section
from foundation.organizations.permissions import require_any
from foundation.organizations.roles import fits
from foundation.organizations.succession import organ_succeeded

People = Mapping[int, Organ]
"""Person's id → the organ that takes the person."""


@transaction.atomic
def merge_organs(*, organs: Sequence[Organ], into: Organ, on: date, actor: Actor, document: str = "") -> int:
    """Merge organs into another from the day `on`. Returns how many rows of other rooms moved. Raises NotYours, Refused."""
    return _succeed(old=organs, new=into, people={}, on=on, verb="organ.merge", actor=actor, document=document)


@transaction.atomic
def split_organ(*, organ: Organ, into: Organ, people: People, on: date, actor: Actor, document: str = "") -> int:
    """Split an organ from the day `on`: `into` follows it in its duties, `people` says who goes to another organ instead.

    Returns how many rows of other rooms moved. Raises NotYours, Refused.
    """
    return _succeed(old=[organ], new=into, people=people, on=on, verb="organ.split", actor=actor, document=document)


@transaction.atomic
def abolish_organ(*, organ: Organ, successor: Organ, on: date, actor: Actor, document: str = "") -> int:
    """Abolish an organ; a duty cannot hang in the air, so another takes over from the day `on`. Raises NotYours, Refused."""
    return _succeed(old=[organ], new=successor, people={}, on=on, verb="organ.abolish", actor=actor, document=document)


def _succeed(*, old: Sequence[Organ], new: Organ, people: People, on: date, verb: str, actor: Actor, document: str) -> int:
    at = clock.now()
    ids = sorted({organ.pk for organ in old} | {new.pk} | {organ.pk for organ in people.values()})
    locked = {organ.pk: organ for organ in Organ.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    gone = [locked[pk] for pk in sorted({organ.pk for organ in old})]
    _check(gone=gone, takers=[locked[pk] for pk in ids if pk not in {organ.pk for organ in gone}], new=new, on=on, actor=actor, at=at)
    last = on - timedelta(days=1)
    for organ in gone:
        organ.closed_on, organ.successor = last, locked[new.pk]
        organ.save(update_fields=["closed_on", "successor"])
        organ.names.filter(Q(valid_to=None) | Q(valid_to__gt=last)).update(valid_to=last)
        _move_posts(organ, locked[new.pk], people, on)
        _move_liaisons(organ, locked[new.pk], people, on)
    Organ.objects.filter(superior__in=gone).exclude(pk=new.pk).update(superior=new)
    sync_county_grants(county_id=new.county_id)
    rooms = organ_succeeded.names()
    handlers = [handler for room in rooms for handler in organ_succeeded.of(room)]
    old_ids, heir = [organ.pk for organ in gone], locked[new.pk]
    moved = sum(handler(old_organ_ids=old_ids, new=heir, on=on, actor=actor, at=at, document=document) for handler in handlers)
    for organ in gone:
        after = {"successor": new.pk, "closed_on": str(last), "moved": moved}
        journal.write(verb=verb, actor=actor, subject=organ, at=at, after=after, reason=document)
    return moved


def _check(*, gone: Sequence[Organ], takers: Sequence[Organ], new: Organ, on: date, actor: Actor, at: datetime) -> None:
    for organ in [*gone, *takers]:
        require_any(actor=actor, permissions=("manage_accounts",), organ_id=organ.pk)
        if organ.county_id != new.county_id:
            raise Refused("机关的合并、分设、撤销只能在同一个县内办理。")
        if organ.closed_on is not None:
            raise Refused(f"{organ.name}已于 {organ.closed_on} 撤销，请核对。")
    if on > clock.civil_day(at):
        raise Refused("机构变动只能在生效当日或之后登记：请到生效那天再办。", field="on")
    if new.pk in {organ.pk for organ in gone}:
        raise Refused("承接机关不能是被撤销的机关本身。", field="into")
    if any(organ.opened_on is not None and organ.opened_on >= on for organ in gone):
        raise Refused("生效日期应晚于被撤销机关的设立日期。", field="on")


def _move_posts(organ: Organ, new: Organ, people: People, on: date) -> None:
    """Posts end the day before and go on in the successor; one that would begin later begins there. A post held there already stands."""
    posts = Membership.objects.select_for_update(no_key=True).filter(Q(valid_to=None) | Q(valid_to__gte=on), organ=organ).order_by("pk")
    for post in posts:
        taker = people.get(post.user_id, new)
        start, end = max(post.valid_from, on), post.valid_to
        if post.valid_from < on:
            post.valid_to = on - timedelta(days=1)
            post.save(update_fields=["valid_to"])
        else:
            post.delete()
        held = Membership.objects.filter(_meeting(start, end), user_id=post.user_id, organ=taker, role=post.role)
        if fits(role=post.role, kind=taker.kind) and not held.exists():
            Membership.objects.create(
                user_id=post.user_id,
                organ=taker,
                section=_same_section(post.section, taker),
                post=post.post,
                role=post.role,
                group=role_group(organ=taker, role=post.role),
                valid_from=start,
                valid_to=end,
            )


def _move_liaisons(organ: Organ, new: Organ, people: People, on: date) -> None:
    entries = Liaison.objects.select_for_update(no_key=True).filter(Q(valid_to=None) | Q(valid_to__gte=on), organ=organ).order_by("pk")
    for entry in entries:
        taker = people.get(entry.user_id, new)
        start, end, section = max(entry.valid_from, on), entry.valid_to, _same_section(entry.section, taker)
        if entry.valid_from < on:
            entry.valid_to = on - timedelta(days=1)
            entry.save(update_fields=["valid_to"])
        else:
            entry.delete()
        held = Liaison.objects.filter(_meeting(start, end), organ=taker, section=section, user_id=entry.user_id, kind=entry.kind)
        if not held.exists():
            Liaison.objects.create(
                organ=taker, section=section, user_id=entry.user_id, kind=entry.kind, order=entry.order, valid_from=start, valid_to=end
            )


def _same_section(section: Section | None, organ: Organ) -> Section | None:
    return Section.objects.get_or_create(organ=organ, name=section.name)[0] if section else None


def _meeting(start: date, end: date | None) -> Q:
    meeting = Q(valid_to=None) | Q(valid_to__gte=start)
    return meeting & Q(valid_from__lte=end) if end is not None else meeting
