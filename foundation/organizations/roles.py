"""What each role may do, on its own organ and on every organ of the county. Read it as a table: this is the whole of who may do what.

The three officers (system administrator, security administrator, auditor) exclude each other on one person and carry no business right.
Rights are direction-neutral: a bureau claims what departments push back just as a department claims what the bureau pushes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from foundation.organizations.statuses import OrganKind, Role


@dataclass(frozen=True, slots=True)
class Rights:
    """Permissions (codenames in `Organ.Meta`) of a role: on `own` organ, on `every` organ of the county; the organs it belongs in."""

    own: frozenset[str] = frozenset()
    every: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    """Kinds of organs that have such a post; empty: any."""


def _rights(own: str = "", every: str = "", kinds: tuple[str, ...] = ()) -> Rights:
    return Rights(own=frozenset(own.split()), every=frozenset(every.split()), kinds=frozenset(kinds))


_BUREAU = (OrganKind.APPROVAL_BUREAU, OrganKind.PARK_COMMITTEE)
_GOVERNMENT = (OrganKind.GOVERNMENT, OrganKind.GOVERNMENT_OFFICE, OrganKind.COORDINATION_GROUP)

ROLE_RIGHTS: Mapping[str, Rights] = {
    # role, what it may do on its own organ, on every organ of the county, and where such a post exists
    Role.WINDOW_CLERK: _rights("view_matter record_decision claim_push answer_return reveal_person"),
    Role.SECTION_HEAD: _rights(
        "view_matter record_decision issue_decision claim_push answer_return reveal_person manage_catalogue manage_liaison oversee"
    ),
    Role.BUREAU_LEADER: _rights(
        own="view_matter record_decision issue_decision claim_push answer_return reveal_person manage_catalogue manage_liaison oversee",
        every="oversee",
        kinds=_BUREAU,
    ),
    Role.LIAISON: _rights("view_matter claim_push answer_return work_task assign_task reveal_person"),
    Role.LIAISON_LEADER: _rights("view_matter claim_push answer_return work_task assign_task reveal_person manage_liaison oversee"),
    Role.INSPECTOR: _rights("view_matter work_task reveal_person"),
    Role.DEPARTMENT_LEADER: _rights("view_matter claim_push answer_return work_task assign_task reveal_person manage_liaison oversee"),
    Role.COUNTY_LEADER: _rights(every="view_matter oversee order_oversight excuse_clock", kinds=_GOVERNMENT),
    Role.OVERSIGHT: _rights(
        every="view_matter oversee order_oversight excuse_clock", kinds=(OrganKind.OVERSIGHT_OFFICE, OrganKind.GOVERNMENT_OFFICE)
    ),
    Role.STAFFING: _rights(every="view_matter oversee rule_duty", kinds=(OrganKind.STAFFING_OFFICE, *_GOVERNMENT)),
    Role.JUSTICE: _rights(every="view_matter oversee", kinds=(OrganKind.JUSTICE_BUREAU,)),
    Role.DISCIPLINE: _rights(every="view_matter oversee view_journal", kinds=(OrganKind.DISCIPLINE,)),
    Role.SYSTEM_ADMIN: _rights(every="manage_accounts manage_rules"),
    Role.SECURITY_ADMIN: _rights(every="manage_security"),
    Role.AUDITOR: _rights(every="view_journal"),
}

OFFICERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
"""The three officers: none of them may hold any other post at the same time."""

COUNTY_ROLES = frozenset(role for role, rights in ROLE_RIGHTS.items() if rights.every)
"""Roles that reach every organ of the county."""


def fits(*, role: str, kind: str) -> bool:
    """Whether an organ of this kind has such a post."""
    kinds = ROLE_RIGHTS[role].kinds
    return not kinds or kind in kinds


def exclude_each_other(one: str, other: str) -> bool:
    """Whether one person may not hold both roles at the same time."""
    return one != other and (one in OFFICERS or other in OFFICERS)
