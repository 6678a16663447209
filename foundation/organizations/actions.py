"""People, posts and the liaison register. Every act is journaled: the journal is the register's change log."""

from datetime import date, timedelta

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.common.hooks import OpenWork
from foundation.journal import actions as journal
from foundation.organizations.models import Liaison, Membership, Organ, OrganGrant, Section, User
from foundation.organizations.roles import ON_EVERY_ORGAN, ON_OWN_ORGAN, THREE_OFFICERS
from foundation.organizations.statuses import LiaisonKind


def role_group(*, organ: Organ, role: str) -> Group:
    """The group that carries a role's permissions for one organ, made and granted where it is missing."""
    group, _ = Group.objects.get_or_create(name=f"organ-{organ.pk}-{role}")
    own = [(codename, organ.pk) for codename in ON_OWN_ORGAN[role]]
    others = Organ.objects.filter(county_id=organ.county_id).values_list("pk", flat=True)
    every = [(codename, pk) for codename in ON_EVERY_ORGAN.get(role, ()) for pk in others]
    _grant(group, {*own, *every})
    return group


def _grant(group: Group, wanted: set[tuple[str, int]]) -> None:
    permissions = {
        permission.codename: permission.pk
        for permission in Permission.objects.filter(content_type__app_label="organizations", content_type__model="organ")
    }
    OrganGrant.objects.bulk_create(
        [OrganGrant(group=group, permission_id=permissions[codename], content_object_id=pk) for codename, pk in sorted(wanted)],
        ignore_conflicts=True,
    )


def sync_county_grants(*, county_id: int) -> None:
    """Give roles that hold a right on every organ of the county the organs that were opened since."""
    held = Membership.objects.filter(organ__county_id=county_id, role__in=list(ON_EVERY_ORGAN)).select_related("organ")
    for organ, role in {(post.organ, post.role) for post in held}:
        role_group(organ=organ, role=role)


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    user: User,
    organ: Organ,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
    section: Section | None = None,
    post: str = "",
) -> Membership:
    """Give a person a post in an organ from a day on.

    Raises Refused where the post overlaps one the person holds, or would join one of the three officers 三员 with anything else.
    """
    at = clock.now()
    _refuse_mixed_officers(user=user, role=role, valid_from=valid_from, valid_to=valid_to)
    overlapping = _posts_between(user, valid_from, valid_to).filter(organ=organ, role=role)
    if overlapping.exists():
        raise Refused(f"{user.full_name}在{organ.short_name}已有这一职务，起止日期重叠。", field="valid_from")
    group = role_group(organ=organ, role=role)
    membership = Membership.objects.create(
        user=user, organ=organ, role=role, group=group, section=section, post=post, valid_from=valid_from, valid_to=valid_to
    )
    after = {
        "user": user.pk,
        "organ": organ.pk,
        "role": role,
        "from": valid_from.isoformat(),
        "to": valid_to.isoformat() if valid_to else None,
    }
    journal.write(verb="membership.appoint", actor=actor, subject=membership, at=at, after=after)
    return membership


def _posts_between(user: User, first: date, last: date | None) -> QuerySet[Membership]:
    rows = Membership.objects.filter(user=user).exclude(valid_to__lt=first)
    return rows.filter(valid_from__lte=last) if last else rows


def _refuse_mixed_officers(*, user: User, role: str, valid_from: date, valid_to: date | None) -> None:
    held = set(_posts_between(user, valid_from, valid_to).values_list("role", flat=True)) - {role}
    if held and (role in THREE_OFFICERS or held & set(THREE_OFFICERS)):
        raise Refused("系统管理员、安全管理员、安全审计员须由不同的人担任，且不得兼任业务职务。", field="role")


def open_work(*, user_id: int, organ_id: int) -> list[OpenWork]:
    """What a person still has in hand in an organ, over all rooms."""
    return [
        work
        for room in hooks.open_work_of.names()
        for source in hooks.open_work_of.of(room)
        for work in source(user_id=user_id, organ_id=organ_id)
    ]


@transaction.atomic
def end_membership(*, actor: Actor, membership: Membership, last_day: date, successor: User | None = None) -> int:
    """End a post; a leaver's open work goes to a successor of the same organ. Returns how many pieces were handed over.

    Raises Refused where work is open and nobody takes it over: a duty cannot hang in the air.
    """
    at = clock.now()
    rest = Membership.objects.filter(user=membership.user, organ=membership.organ).exclude(pk=membership.pk)
    stays = rest.exclude(valid_to__lte=last_day).exists()
    moved = 0 if stays else _hand_over(membership, successor=successor, on=last_day)
    membership.valid_to = last_day
    membership.save(update_fields=["valid_to"])
    Liaison.objects.filter(user=membership.user, organ=membership.organ, valid_to=None).update(valid_to=last_day)
    after = {"to": last_day.isoformat(), "successor": successor.pk if successor else None, "moved": moved}
    journal.write(verb="membership.end", actor=actor, subject=membership, at=at, after=after)
    return moved


def _hand_over(membership: Membership, *, successor: User | None, on: date) -> int:
    leaver, organ = membership.user_id, membership.organ_id
    work = open_work(user_id=leaver, organ_id=organ)
    if not work:
        return 0
    if successor is None:
        raise Refused(f"{membership.user.full_name}手上还有 {len(work)} 件没有办结，请先选择接手的人。", field="successor")
    if successor.pk == leaver or not _holds_post(successor, organ, on + timedelta(days=1)):
        raise Refused("接手的人须是本单位在任人员。", field="successor")
    return sum(
        mover(user_id=leaver, organ_id=organ, to_user_id=successor.pk)
        for room in hooks.hand_over_work.names()
        for mover in hooks.hand_over_work.of(room)
    )


def _holds_post(user: User, organ_id: int, day: date) -> bool:
    return _posts_between(user, day, day).filter(organ_id=organ_id).exists()


@transaction.atomic
def register_liaison(
    *, actor: Actor, organ: Organ, user: User, kind: str, valid_from: date, section: Section | None = None, order: int = 0
) -> Liaison:
    """Enter a person in the liaison register of an organ, or of a section of the bureau (SC-21a, SC-21b, ZC-15)."""
    actor.require("manage_liaison", organ.pk)
    if kind not in LiaisonKind.values:
        raise Refused("请选择联络负责人或联络员。", field="kind")
    if not _holds_post(user, organ.pk, valid_from):
        raise Refused(f"{user.full_name}在{organ.short_name}没有在任的职务，不能登记为联络员。", field="user")
    if Liaison.objects.filter(organ=organ, section=section, user=user, kind=kind, valid_to=None).exists():
        raise Refused(f"{user.full_name}已经在册。", field="user")
    entry = Liaison.objects.create(organ=organ, section=section, user=user, kind=kind, order=order, valid_from=valid_from)
    after = {"organ": organ.pk, "user": user.pk, "kind": kind, "order": order, "from": valid_from.isoformat()}
    journal.write(verb="liaison.register", actor=actor, subject=entry, at=clock.now(), after=after)
    return entry


@transaction.atomic
def end_liaison(*, actor: Actor, entry: Liaison, last_day: date) -> Liaison:
    """Take a person off the liaison register after `last_day`; history stays."""
    actor.require("manage_liaison", entry.organ_id)
    if last_day < entry.valid_from:
        raise Refused("离任日期不能早于任职日期。", field="last_day")
    entry.valid_to = last_day
    entry.save(update_fields=["valid_to"])
    journal.write(verb="liaison.end", actor=actor, subject=entry, at=clock.now(), after={"to": last_day.isoformat()})
    return entry


@transaction.atomic
def create_user(*, actor: Actor, username: str, full_name: str, password: str, phone: str = "", office_phone: str = "") -> User:
    """Open an account for a named person. Raises Refused where the user name is taken."""
    if User.objects.filter(username=username).exists():
        raise Refused("这个登录名已经有人使用。", field="username")
    user = User(username=username, full_name=full_name, phone=phone, office_phone=office_phone, password_changed_at=clock.now())
    user.set_password(password)
    user.save()
    journal.write(verb="user.create", actor=actor, subject=user, at=clock.now(), after={"username": username})
    return user


@transaction.atomic
def disable_user(*, actor: Actor, user: User, reason: str) -> None:
    """Close an account; its history stays. Posts are ended separately, so that open work is handed over."""
    if Membership.objects.filter(user=user).exclude(valid_to__lt=clock.today()).exists():
        raise Refused("此人还有在任的职务，请先办理离任和工作移交。")
    user.is_active = False
    user.save(update_fields=["is_active"])
    journal.write(verb="user.disable", actor=actor, subject=user, at=clock.now(), reason=reason)
