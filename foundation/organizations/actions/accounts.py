"""Accounts: one named person each. What the person may do comes from posts, never from the account."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal import actions as journal
from foundation.organizations.models import Membership, User
from foundation.organizations.permissions import UNATTENDED, require_in_county


@transaction.atomic
def create_user(
    *,
    username: str,
    full_name: str,
    password: str,
    actor: Actor,
    phone: str = "",
    office_phone: str = "",
    is_demo: bool = False,
) -> User:
    """Create a named account without any right. Raises NotYours, Refused (name taken, weak password).

    The person is asked to change the password at the first log-in, as it has passed through another person's hands.
    """
    at = clock.now()
    require_in_county(actor=actor, permission="manage_accounts", county_id=actor.county_id)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"用户名 {username} 已有人使用，请换一个。", field="username")
    user = User(username=username, full_name=full_name, phone=phone, office_phone=office_phone, is_demo=is_demo)
    _set_password(user, password)
    user.save()
    journal.write(verb="user.create", actor=actor, subject=user, at=at, after={"username": username})
    return user


@transaction.atomic
def disable_user(*, user: User, actor: Actor, reason: str = "") -> User:
    """Shut an account; its sessions end with it. Raises NotYours, Refused while the person still has a post (end it first)."""
    at = clock.now()
    _require_over(actor=actor, user=user, permission="manage_accounts")
    today = clock.civil_day(at)
    posts = Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), user=user).select_related("organ")
    if posts:
        words = "、".join(f"{post.organ.short_name}{post.get_role_display()}" for post in posts)
        raise Refused(f"{user.full_name}还有任职：{words}。请先办理离任和移交，再停用账号。")
    return _set_active(user, False, verb="user.disable", actor=actor, at=at, reason=reason)


@transaction.atomic
def enable_user(*, user: User, actor: Actor, reason: str = "") -> User:
    """Open a shut account again. Raises NotYours."""
    at = clock.now()
    _require_over(actor=actor, user=user, permission="manage_accounts")
    return _set_active(user, True, verb="user.enable", actor=actor, at=at, reason=reason)


@transaction.atomic
def reset_password(*, user: User, password: str, actor: Actor) -> User:
    """Give a person who forgot it another password, to be changed at the next log-in. Raises NotYours, Refused (weak password)."""
    at = clock.now()
    _require_over(actor=actor, user=user, permission="manage_accounts")
    _set_password(user, password)
    user.password_changed_at = None
    user.save(update_fields=["password", "password_changed_at"])
    journal.write(verb="user.reset_password", actor=actor, subject=user, at=at)
    return user


@transaction.atomic
def change_password(*, user: User, password: str, actor: Actor | None) -> User:
    """Change one's own password; somebody without a post today (no actor) may do it too. Raises NotYours, Refused (weak password)."""
    at = clock.now()
    if actor is not None and actor.user_id != user.pk:
        raise NotYours()
    _set_password(user, password)
    user.password_changed_at = at
    user.save(update_fields=["password", "password_changed_at"])
    if actor is not None:  # without a post the person belongs to no county, and a journal is a county's
        journal.write(verb="user.change_password", actor=actor, subject=user, at=at)
    return user


def _set_active(user: User, active: bool, *, verb: str, actor: Actor, at: datetime, reason: str) -> User:
    user.is_active = active
    user.save(update_fields=["is_active"])
    journal.write(verb=verb, actor=actor, subject=user, at=at, reason=reason)
    return user


def _require_over(*, actor: Actor, user: User, permission: str) -> None:
    """The permission on one of the person's organs, past ones included; an account without any post belongs to whoever keeps accounts."""
    if actor.client in UNATTENDED:
        return
    organs = set(Membership.objects.filter(user=user).values_list("organ_id", flat=True))
    held = actor.rights.get(permission, frozenset())
    if not held or (organs and not organs & held):
        raise NotYours()


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("".join(error.messages), field="password") from error
    user.set_password(password)
