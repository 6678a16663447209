"""A person acts for one organ at a time. With posts in two organs the person chooses; rights are those of the chosen organ's posts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.organizations.models import County, Membership, Organ, User

SESSION_KEY = "acting_organ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """The post a person acts in: the organ, its county, and the person's roles there today."""

    user: User
    organ: Organ
    county: County
    memberships: tuple[Membership, ...]

    @property
    def roles(self) -> frozenset[str]:
        """The person's roles in the organ today."""
        return frozenset(membership.role for membership in self.memberships)

    @property
    def post(self) -> str:
        """How the person is shown: the roles, joined."""
        return "、".join(dict.fromkeys(membership.get_role_display() for membership in self.memberships))


def memberships_on(*, user: User, day: date) -> QuerySet[Membership]:
    """The person's posts that are valid on `day`."""
    return (
        Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), user=user, valid_from__lte=day)
        .select_related("organ__county")
        .order_by("valid_from", "id")
    )


def choose_acting(request: HttpRequest) -> Acting | None:
    """The organ chosen in the session, else the one of the oldest post; None where the person has no post today."""
    user = request.user
    assert isinstance(user, User)
    return acting_for(user=user, organ_id=request.session.get(SESSION_KEY), day=clock.today())


def acting_for(*, user: User, organ_id: int | None, day: date) -> Acting | None:
    """The person acting for `organ_id` on `day` (the oldest post's organ where it is None or no longer held)."""
    posts = list(memberships_on(user=user, day=day))
    if not posts:
        return None
    chosen = next((post.organ for post in posts if post.organ_id == organ_id), posts[0].organ)
    return Acting(user=user, organ=chosen, county=chosen.county, memberships=tuple(post for post in posts if post.organ_id == chosen.pk))


def actor_of(acting: Acting, *, client: str = "web") -> Actor:
    """The actor of a person acting for an organ, with every right of the posts held there (one query)."""
    groups = [membership.group_id for membership in acting.memberships]
    rights: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.codename, g.content_object_id FROM organizations_organgrant g"
            " JOIN auth_permission p ON p.id = g.permission_id WHERE g.group_id = ANY(%s)",
            [groups],
        )
        for codename, organ_id in cursor.fetchall():
            rights[codename].add(organ_id)
    return Actor(
        county_id=acting.county.pk,
        client=client,
        user_id=acting.user.pk,
        name=acting.user.full_name,
        organ_id=acting.organ.pk,
        rights={codename: frozenset(organs) for codename, organs in rights.items()},
    )
