"""Who may keep organs, accounts, posts and the liaison register."""

from foundation.common.actors import Actor
from foundation.common.errors import NotYours

UNATTENDED = frozenset({"command", "rule"})
"""Clients without a signed-in person: management commands and the portal's own rules. Whoever runs them has the machine; the journal names them."""


def require_any(*, actor: Actor, permissions: tuple[str, ...], organ_id: int) -> None:
    """Raise NotYours unless the actor holds one of the permissions on the organ, or is the machine itself."""
    if actor.client not in UNATTENDED and not any(actor.may(permission, organ_id) for permission in permissions):
        raise NotYours()


def require_in_county(*, actor: Actor, permission: str, county_id: int) -> None:
    """Raise NotYours unless the actor holds the permission somewhere in its own county, and that is the county meant."""
    if actor.county_id != county_id or (actor.client not in UNATTENDED and not actor.rights.get(permission)):
        raise NotYours()
