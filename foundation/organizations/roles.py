"""What a role may do, and on which organs: its own one, or every organ of the county. The one table of rights of the house."""

from foundation.organizations.statuses import Role

_SEES = ("view_matter",)
_DEPARTMENT = (*_SEES, "claim_push", "work_task")
_BUREAU = (*_SEES, "record_decision", "answer_return", "claim_push", "reveal_person")

ON_OWN_ORGAN: dict[str, tuple[str, ...]] = {
    Role.WINDOW_CLERK: _BUREAU,
    Role.SECTION_HEAD: (*_BUREAU, "issue_decision", "manage_catalogue", "manage_liaison"),
    Role.BUREAU_LEADER: (*_BUREAU, "issue_decision", "manage_catalogue", "manage_liaison", "oversee"),
    Role.LIAISON: (*_DEPARTMENT, "assign_task", "reveal_person"),
    Role.LIAISON_LEADER: (*_DEPARTMENT, "assign_task", "manage_liaison", "reveal_person", "oversee"),
    Role.INSPECTOR: (*_SEES, "work_task"),
    Role.DEPARTMENT_LEADER: (*_DEPARTMENT, "assign_task", "manage_liaison", "oversee"),
    Role.COUNTY_LEADER: (),
    Role.OVERSIGHT: (),
    Role.STAFFING: (),
    Role.JUSTICE: (),
    Role.DISCIPLINE: (),
    Role.SYSTEM_ADMIN: (),
    Role.SECURITY_ADMIN: (),
    Role.AUDITOR: (),
}
"""Permissions a role holds on the organ of the post."""

ON_EVERY_ORGAN: dict[str, tuple[str, ...]] = {
    Role.BUREAU_LEADER: ("oversee",),
    Role.COUNTY_LEADER: ("view_matter", "oversee", "order_oversight", "excuse_clock"),
    Role.OVERSIGHT: ("view_matter", "oversee", "order_oversight"),
    Role.STAFFING: ("view_matter", "oversee", "rule_duty"),
    Role.JUSTICE: ("view_matter",),
    Role.DISCIPLINE: ("view_matter", "oversee", "view_journal"),
    Role.SYSTEM_ADMIN: ("manage_accounts", "manage_rules"),
    Role.SECURITY_ADMIN: ("manage_security",),
    Role.AUDITOR: ("view_journal",),
}
"""Permissions a role holds on every organ of the county; a new organ is granted to them when it is opened."""

THREE_OFFICERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
"""系统、安全、审计 exclude one another and every business role: nobody holds two of them, nor one and a business post."""
