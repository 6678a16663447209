"""Tokens of outside systems: made by whoever keeps accounts, shown once, kept as a hash, revoked for good."""

import hashlib
import secrets
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from exchange.models import AccessToken
from exchange.queries import tokens_of
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Missing, Refused
from foundation.journal import actions as journal
from foundation.organizations.acting import acting_for
from foundation.organizations.models import Organ, User

PREFIX = "ld_"
BYTES = 32


def digest(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_token(*, actor: Actor, organ: Organ, user: User, name: str, expires_on: date | None, at: datetime) -> tuple[AccessToken, str]:
    """A token with which an outside system acts for the organ in the name of the service account `user`, and its secret, told only now.

    It is valid to the end of `expires_on`. Raises NotYours without the keeping of the organ's accounts, Refused without a name, for a day
    that is over, or for an account without a post at the organ.
    """
    actor.require("manage_accounts", organ.pk)
    today = clock.civil_day(at)
    name = " ".join(name.split())
    if not name:
        raise Refused("请写明这个令牌给哪个系统用。", field="name")
    if expires_on and expires_on < today:
        raise Refused("有效期不能早于今天。", field="expires_on")
    acting = acting_for(user=user, organ_id=organ.pk, day=today)
    if acting is None or acting.organ.pk != organ.pk:
        raise Refused(f"{user.full_name}今天在{organ.short_name}没有任职，请先为这个服务账号安排职务。", field="user")
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        token = AccessToken.objects.create(
            organ=organ,
            user=user,
            name=name[:60],
            sha256=digest(secret),
            created_at=at,
            created_by_id=actor.user_id,
            expires_on=expires_on,
        )
        after = {"organ": organ.pk, "user": user.pk, "expires_on": expires_on.isoformat() if expires_on else ""}
        journal.write(verb="token.make", actor=actor, subject=token, at=at, after=after)
    return token, secret


def revoke_token(*, actor: Actor, pk: int, at: datetime) -> AccessToken:
    """End a token for good. Raises Missing for one of other organs, Refused for one revoked before."""
    with transaction.atomic():
        token = tokens_of(actor).select_for_update(of=("self",)).filter(pk=pk).first()
        if token is None:
            raise Missing
        if token.revoked_at:
            raise Refused("这个令牌此前已经收回。")
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        journal.write(verb="token.revoke", actor=actor, subject=token, at=at, after={"organ": token.organ_id})
    return token


def valid_token(secret: str, *, at: datetime) -> AccessToken | None:
    """The token with this secret, if it is in force at the instant `at`."""
    return (
        AccessToken.objects.select_related("user", "organ__county")
        .filter(Q(expires_on=None) | Q(expires_on__gte=clock.civil_day(at)), sha256=digest(secret), revoked_at=None, user__is_active=True)
        .first()
    )
