"""Who speaks for an organ, and who belongs to it, on a day."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from foundation.organizations.models import Liaison, Membership, Organ, User
from foundation.organizations.roles import ROLE_RIGHTS
from foundation.organizations.statuses import LiaisonKind

_TELLING_ORDER = (
    (LiaisonKind.OFFICER.value, True),
    (LiaisonKind.OFFICER.value, False),
    (LiaisonKind.LEAD.value, True),
    (LiaisonKind.LEAD.value, False),
)
"""Kind of entry, and whether it is of the organ itself (not of a section)."""
_CLAIMING = tuple(role for role, rights in ROLE_RIGHTS.items() if "claim_push" in rights.own)


def active_liaisons(*, organ_ids: Sequence[int], on: date) -> QuerySet[Liaison]:
    """Entries of the liaison register valid on `on`: officers by order, then leads (E-30)."""
    return _on_register(organ_ids, on).filter(section=None).select_related("user")


def _on_register(organ_ids: Sequence[int], on: date) -> QuerySet[Liaison]:
    rows = Liaison.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), organ_id__in=list(organ_ids), valid_from__lte=on)
    return rows.order_by("organ_id", "-kind", "order", "id")


def liaison_users_by_organ(*, organ_ids: Sequence[int], on: date) -> dict[int, list[int]]:
    """Whom to tell at each organ: its officers on duty, else those of its sections (a bureau has no others), else its leads (E-30).

    An organ whose register is empty is told through the people who may claim there: a message must reach somebody.
    """
    found: dict[int, dict[tuple[str, bool], list[int]]] = {}
    for organ_id, kind, section_id, user_id in _on_register(organ_ids, on).values_list("organ_id", "kind", "section_id", "user_id"):
        found.setdefault(organ_id, {}).setdefault((kind, section_id is None), []).append(user_id)
    told = {organ: next(rank[key] for key in _TELLING_ORDER if key in rank) for organ, rank in found.items()}
    left = sorted(set(organ_ids) - told.keys())
    if left:
        rows = _posts(on).filter(organ_id__in=left, role__in=_CLAIMING).order_by("organ_id", "id").values_list("organ_id", "user_id")
        for organ_id, user_id in rows:
            told.setdefault(organ_id, []).append(user_id)
    return told


def liaison_users(*, organ_ids: Sequence[int], on: date) -> list[int]:
    """Whom to tell at these organs together."""
    by_organ = liaison_users_by_organ(organ_ids=organ_ids, on=on)
    return sorted({user for users in by_organ.values() for user in users})


def _posts(on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, user__is_active=True)


def people(*, organ_ids: Sequence[int], roles: Sequence[str], on: date) -> list[int]:
    """Ids of the people who hold one of `roles` in these organs on `on`."""
    return sorted(set(_posts(on).filter(organ_id__in=list(organ_ids), role__in=list(roles)).values_list("user_id", flat=True)))


def people_of_county(*, county_id: int, roles: Sequence[str], on: date) -> list[int]:
    """Ids of the people who hold one of `roles` anywhere in the county on `on`."""
    return sorted(set(_posts(on).filter(organ__county_id=county_id, role__in=list(roles)).values_list("user_id", flat=True)))


def members(*, organ_id: int, on: date) -> set[int]:
    """Ids of the people who have a post in the organ on `on`."""
    return set(_posts(on).filter(organ_id=organ_id).values_list("user_id", flat=True))


def standing_organ(organ_id: int) -> int:
    """The organ itself while it stands, else the last one in the line of its successors."""
    seen = {organ_id}
    while True:
        row = (
            Organ.objects.filter(pk=organ_id).exclude(closed_on=None).exclude(successor=None).values_list("successor_id", flat=True).first()
        )
        if row is None or row in seen:
            return organ_id
        organ_id = row
        seen.add(row)


def short_names(county_id: int) -> dict[int, str]:
    """Id → short name of every organ of a county, in the order of lists."""
    return dict(Organ.objects.filter(county_id=county_id).values_list("pk", "short_name"))


def accounts_of(*, county_id: int) -> QuerySet[User]:
    """Open accounts that belong to the county, and those without any post yet, which belong to nobody."""
    rows = User.objects.filter(Q(memberships__organ__county_id=county_id) | Q(memberships=None), is_active=True)
    return rows.distinct().order_by("full_name", "id")


def demo_posts(*, on: date) -> QuerySet[Membership]:
    """One post for each role and county among the demo accounts, to try the portal with."""
    rows = _posts(on).filter(user__is_demo=True).select_related("user", "organ__county")
    return rows.order_by("organ__county_id", "role", "id").distinct("organ__county_id", "role")
