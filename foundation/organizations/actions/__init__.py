"""Every write of the room: organs, posts, accounts and the liaison register."""

from foundation.organizations.actions.accounts import change_password, create_user, disable_user, enable_user, reset_password
from foundation.organizations.actions.liaisons import end_liaison, register_liaison
from foundation.organizations.actions.organs import add_section, open_organ, rename_organ
from foundation.organizations.actions.posts import appoint, end_membership, open_work
from foundation.organizations.actions.successions import abolish_organ, merge_organs, split_organ
from foundation.organizations.grants import sync_county_grants

__all__ = [
    "abolish_organ",
    "add_section",
    "appoint",
    "change_password",
    "create_user",
    "disable_user",
    "enable_user",
    "end_liaison",
    "end_membership",
    "merge_organs",
    "open_organ",
    "open_work",
    "register_liaison",
    "rename_organ",
    "reset_password",
    "split_organ",
    "sync_county_grants",
]
