"""The liaison register (SC-20b, SC-21a, SC-21b, ZC-15, BA-20a). Entries are dated; the journal is the log of changes."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.journal import actions as journal
from foundation.organizations.models import Liaison, Membership, Organ, Section, User
from foundation.organizations.permissions import require_any
from foundation.organizations.statuses import LiaisonKind, OrganKind


@transaction.atomic
def register_liaison(
    *,
    organ: Organ,
    user: User,
    kind: str,
    valid_from: date,
    actor: Actor,
    section: Section | None = None,
    order: int = 0,
    valid_to: date | None = None,
) -> Liaison:
    """Enter a lead or an officer of an organ, or of a section of the bureau, from a day on; `order` 0 is post A, 1 and more substitutes.

    Raises NotYours, Refused where the person has no post in the organ then, is entered already, or the section is not a bureau's.
    """
    at = clock.now()
    require_any(actor=actor, permissions=("manage_liaison",), organ_id=organ.pk)
    if valid_to is not None and valid_to < valid_from:
        raise Refused("有效期的结束日期不能早于开始日期。", field="valid_to")
    if section is not None and (section.organ_id != organ.pk or organ.kind != OrganKind.APPROVAL_BUREAU):
        raise Refused("只有审批机关本身的股室可以单独登记联络员。", field="section")
    Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    _check_person(organ=organ, user=user, on=valid_from)
    _check_entry(organ=organ, user=user, kind=kind, section=section, valid_from=valid_from, valid_to=valid_to)
    entry = Liaison.objects.create(
        organ=organ, section=section, user=user, kind=kind, order=order, valid_from=valid_from, valid_to=valid_to
    )
    after = {"organ": organ.pk, "user": user.pk, "kind": kind, "order": order, "section": section.pk if section else None}
    dates = {"from": str(valid_from), "to": str(valid_to) if valid_to else None}
    journal.write(verb="liaison.register", actor=actor, subject=entry, at=at, after=after | dates)
    return entry


@transaction.atomic
def end_liaison(*, entry: Liaison, last_day: date, actor: Actor, reason: str = "") -> Liaison:
    """End an entry; `last_day` included. Raises NotYours, Refused where it has ended or had not begun by then."""
    at = clock.now()
    row = Liaison.objects.select_for_update(no_key=True).get(pk=entry.pk)
    require_any(actor=actor, permissions=("manage_liaison",), organ_id=row.organ_id)
    if last_day < row.valid_from:
        raise Refused(f"结束日期不能早于登记的开始日期 {row.valid_from}。", field="last_day")
    if row.valid_to is not None and row.valid_to <= last_day:
        raise Refused(f"该登记已于 {row.valid_to} 结束。", field="last_day")
    before = {"to": str(row.valid_to) if row.valid_to else None}
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    journal.write(verb="liaison.end", actor=actor, subject=row, at=at, before=before, after={"to": str(last_day)}, reason=reason)
    return row


def _check_person(*, organ: Organ, user: User, on: date) -> None:
    posts = Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), organ=organ, user=user, valid_from__lte=on)
    if not user.is_active or not posts.exists():
        raise Refused(f"{user.full_name}在 {on} 不是{organ.short_name}的在任人员，请先由安全管理员登记任职。", field="user")


def _check_entry(*, organ: Organ, user: User, kind: str, section: Section | None, valid_from: date, valid_to: date | None) -> None:
    meeting = Q(valid_to=None) | Q(valid_to__gte=valid_from)
    if valid_to is not None:
        meeting &= Q(valid_from__lte=valid_to)
    if Liaison.objects.filter(meeting, organ=organ, section=section, user=user, kind=kind).exists():
        raise Refused(f"{user.full_name}在这段时间已登记为{LiaisonKind(kind).label}。", field="user")
