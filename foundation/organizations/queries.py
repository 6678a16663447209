"""Who speaks for an organ, and who belongs to it, on a day."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from foundation.organizations.models import Liaison, Membership, Organ, User
from foundation.organizations.statuses import LiaisonKind


def active_liaisons(*, organ_ids: Sequence[int], on: date) -> QuerySet[Liaison]:
    """Entries of the liaison register valid on `on`: officers by order, then leads (E-30)."""
    return (
        Liaison.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), organ_id__in=list(organ_ids), section=None, valid_from__lte=on)
        .select_related("user")
        .order_by("organ_id", "-kind", "order", "id")
    )


def liaison_users_by_organ(*, organ_ids: Sequence[int], on: date) -> dict[int, list[int]]:
    """Ids of each organ's officers on duty, its leads where it has no officer."""
    found: dict[int, dict[str, list[int]]] = {}
    for organ_id, kind, user_id in active_liaisons(organ_ids=organ_ids, on=on).values_list("organ_id", "kind", "user_id"):
        found.setdefault(organ_id, {}).setdefault(kind, []).append(user_id)
    return {organ: kinds.get(LiaisonKind.OFFICER) or kinds.get(LiaisonKind.LEAD, []) for organ, kinds in found.items()}


def liaison_users(*, organ_ids: Sequence[int], on: date) -> list[int]:
    """Ids of the officers on duty of these organs together."""
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
