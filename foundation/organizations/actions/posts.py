"""Appointing people to posts, and ending posts once the open work has a new owner."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal import actions as journal
from foundation.organizations.grants import role_group
from foundation.organizations.models import Liaison, Membership, Organ, Section, User
from foundation.organizations.permissions import require_any
from foundation.organizations.roles import exclude_each_other, fits
from foundation.organizations.statuses import Role


@transaction.atomic
def appoint(
    *,
    user: User,
    organ: Organ,
    role: str,
    valid_from: date,
    actor: Actor,
    section: Section | None = None,
    post: str = "",
    valid_to: date | None = None,
) -> Membership:
    """Give a person a post in an organ from a day on, to the last day `valid_to` (included) or without end.

    Raises NotYours (also where a security administrator would appoint himself), Refused where the organ has no such post, the person holds
    it already, or an officer's post would meet another post.
    """
    at = clock.now()
    require_any(actor=actor, permissions=("manage_security",), organ_id=organ.pk)
    if actor.user_id == user.pk:
        raise NotYours("不能给自己授予角色，请由另一名安全管理员办理。")
    _check_post(organ=organ, role=role, section=section, valid_from=valid_from, valid_to=valid_to)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _check_other_posts(user=user, organ=organ, role=role, valid_from=valid_from, valid_to=valid_to)
    membership = Membership.objects.create(
        user=user,
        organ=organ,
        section=section,
        post=post,
        role=role,
        group=role_group(organ=organ, role=role),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    after = {"user": user.pk, "organ": organ.pk, "role": role, "from": str(valid_from), "to": str(valid_to) if valid_to else None}
    journal.write(verb="membership.appoint", actor=actor, subject=membership, at=at, after=after)
    return membership


def open_work(*, user_id: int, organ_id: int) -> list[hooks.OpenWork]:
    """What a person still has open in an organ, over all rooms."""
    rooms = hooks.open_work_of.names()
    sources = [source for room in rooms for source in hooks.open_work_of.of(room)]
    return [work for source in sources for work in source(user_id=user_id, organ_id=organ_id)]


@transaction.atomic
def end_membership(*, membership: Membership, last_day: date, actor: Actor, successor: User | None = None) -> int:
    """End a post; `last_day` included. Returns how many pieces of open work were handed over.

    Where the person has no other post in the organ after that day, the open work goes to `successor` (who must have one) and the entries
    in the liaison register end with the post. Raises NotYours, Refused while open work has no new owner.
    """
    at = clock.now()
    require_any(actor=actor, permissions=("manage_security", "manage_accounts"), organ_id=membership.organ_id)
    row = Membership.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "organ").get(pk=membership.pk)
    if last_day < row.valid_from:
        raise Refused(f"离任日期不能早于任职日期 {row.valid_from}。", field="last_day")
    if row.valid_to is not None and row.valid_to <= last_day:
        raise Refused(f"该职务已于 {row.valid_to} 结束。", field="last_day")
    moved = 0
    if not _posts_after(last_day).filter(user_id=row.user_id, organ_id=row.organ_id).exclude(pk=row.pk).exists():
        moved = _hand_over(row, last_day, successor, actor)
        _end_liaison_entries(row, last_day, actor, at)
    before = {"to": str(row.valid_to) if row.valid_to else None}
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    after = {"to": str(last_day), "handed_over": moved, "successor": successor.pk if successor else None}
    journal.write(verb="membership.end", actor=actor, subject=row, at=at, before=before, after=after)
    return moved


def _check_post(*, organ: Organ, role: str, section: Section | None, valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < valid_from:
        raise Refused("任职的结束日期不能早于开始日期。", field="valid_to")
    if organ.closed_on is not None and (valid_to is None or valid_to > organ.closed_on):
        raise Refused(f"{organ.name}已于 {organ.closed_on} 撤销，请在承接其职责的机关任职。", field="organ")
    if not fits(role=role, kind=organ.kind):
        raise Refused(f"{organ.short_name}没有“{Role(role).label}”这一角色，请核对机关或角色。", field="role")
    if section is not None and section.organ_id != organ.pk:
        raise Refused(f"股室“{section.name}”不属于{organ.short_name}。", field="section")


def _check_other_posts(*, user: User, organ: Organ, role: str, valid_from: date, valid_to: date | None) -> None:
    meeting = Q(valid_to=None) | Q(valid_to__gte=valid_from)
    if valid_to is not None:
        meeting &= Q(valid_from__lte=valid_to)
    for other in Membership.objects.filter(meeting, user=user).select_related("organ"):
        if other.organ_id == organ.pk and other.role == role:
            raise Refused(f"{user.full_name}自 {other.valid_from} 起已在{organ.short_name}任{other.get_role_display()}。", field="role")
        if exclude_each_other(role, other.role):
            raise Refused(
                f"{user.full_name}现任{other.organ.short_name}{other.get_role_display()}，与“{Role(role).label}”不能由同一人兼任（三员分立）。",
                field="role",
            )
        if other.organ.county_id != organ.county_id:
            raise Refused(f"{user.full_name}在{other.organ.name}任职，一个账号只能属于一个县，请另建账号。", field="organ")


def _posts_after(on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on + timedelta(days=1))


def _hand_over(row: Membership, on: date, to: User | None, actor: Actor) -> int:
    work = open_work(user_id=row.user_id, organ_id=row.organ_id)
    if not work:
        return 0
    if to is None:
        kinds = "、".join(f"{kind} {count} 件" for kind, count in Counter(one.kind for one in work).items())
        raise Refused(f"{row.user.full_name}还有未办结事项：{kinds}。请先选定接手人。", field="successor", code="open_work")
    if to.pk == row.user_id or not to.is_active or not _posts_after(on).filter(user=to, organ_id=row.organ_id).exists():
        raise Refused(f"接手人须在{row.organ.short_name}任职，且任期长于 {on}。", field="successor")
    rooms = hooks.hand_over_work.names()
    movers = [mover for room in rooms for mover in hooks.hand_over_work.of(room)]
    return sum(mover(user_id=row.user_id, organ_id=row.organ_id, to_user_id=to.pk, actor=actor) for mover in movers)


def _end_liaison_entries(row: Membership, on: date, actor: Actor, at: datetime) -> None:
    entries = Liaison.objects.select_for_update(no_key=True).filter(
        Q(valid_to=None) | Q(valid_to__gt=on), organ_id=row.organ_id, user_id=row.user_id
    )
    for entry in entries.order_by("pk"):
        if entry.valid_from > on:
            journal.write(
                verb="liaison.cancel", actor=actor, subject=entry, at=at, before={"user": entry.user_id, "from": str(entry.valid_from)}
            )
            entry.delete()
            continue
        entry.valid_to = on
        entry.save(update_fields=["valid_to"])
        journal.write(verb="liaison.end", actor=actor, subject=entry, at=at, after={"user": entry.user_id, "to": str(on)})
