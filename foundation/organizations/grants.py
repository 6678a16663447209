"""Role groups and their rights on organs. One group per organ and role; a right is a row (group, permission, organ), never one per record."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission

from foundation.organizations.models import Membership, Organ, OrganGrant
from foundation.organizations.roles import ROLE_RIGHTS


def group_name(*, organ_id: int, role: str) -> str:
    """The name of the group that carries a role of an organ."""
    return f"organ-{organ_id}-{role}"


def role_group(*, organ: Organ, role: str) -> Group:
    """The group of a role in an organ, with every right that the table of roles gives it."""
    group, _ = Group.objects.get_or_create(name=group_name(organ_id=organ.pk, role=role))
    _sync(group=group, organ=organ, role=role)
    return group


def sync_county_grants(*, county_id: int) -> None:
    """Bring the rights of every role group of the county in line with the table of roles and the organs there are now."""
    posts = Membership.objects.filter(organ__county_id=county_id).order_by("organ_id", "role").distinct("organ_id", "role")
    for post in posts.select_related("organ", "group"):
        _sync(group=post.group, organ=post.organ, role=post.role)


def _sync(*, group: Group, organ: Organ, role: str) -> None:
    rights = ROLE_RIGHTS[role]
    ids = dict(Permission.objects.filter(content_type__app_label="organizations").values_list("codename", "pk"))
    wanted = {(ids[codename], pk) for codename in rights.own for pk in _with_predecessors(organ)}
    if rights.every:
        everywhere = list(Organ.objects.filter(county_id=organ.county_id).values_list("pk", flat=True))
        wanted |= {(ids[codename], pk) for codename in rights.every for pk in everywhere}
    held = {(row.permission_id, row.content_object_id): row.pk for row in OrganGrant.objects.filter(group=group)}
    OrganGrant.objects.filter(pk__in=[pk for key, pk in held.items() if key not in wanted]).delete()
    OrganGrant.objects.bulk_create(
        [OrganGrant(group=group, permission_id=one, content_object_id=pk) for one, pk in sorted(wanted - held.keys())],
        ignore_conflicts=True,
    )


def _with_predecessors(organ: Organ) -> list[int]:
    """The organ and all that it followed: a successor answers for the history that stays under the old name."""
    found: list[int] = []
    layer: Iterable[int] = [organ.pk]
    while layer:
        found += layer
        layer = list(Organ.objects.filter(successor_id__in=list(layer)).exclude(pk__in=found).values_list("pk", flat=True))
    return found
