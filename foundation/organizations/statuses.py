"""Kinds of organs, roles of people."""

from django.db.models import TextChoices


class OrganKind(TextChoices):
    """What an organ is. One organ may both approve and supervise: that is decided by the catalogue, not here."""

    APPROVAL_BUREAU = "approval_bureau", "行政审批机关"
    DEPARTMENT = "department", "行政机关"
    AUTHORISED = "authorised", "法律法规授权的组织"
    GOVERNMENT = "government", "县级人民政府"
    GOVERNMENT_OFFICE = "government_office", "县政府办公室"
    OVERSIGHT_OFFICE = "oversight_office", "督查机构"
    STAFFING_OFFICE = "staffing_office", "机构编制委员会办公室"
    COORDINATION_GROUP = "coordination_group", "协调小组"
    JUSTICE_BUREAU = "justice_bureau", "司法行政机关"
    PETITION_OFFICE = "petition_office", "信访机构"
    DISCIPLINE = "discipline", "纪检监察机关"
    PARK_COMMITTEE = "park_committee", "园区管理委员会"
    PLATFORM = "platform", "门户运行单位"


class OrganLevel(TextChoices):
    """At which level of government an organ stands; a municipal branch has a superior outside the county."""

    COUNTY = "county", "县级"
    CITY = "city", "市级派出"
    PROVINCE = "province", "省级派出"
    NATION = "nation", "国家垂直管理"


class Role(TextChoices):
    """What a person is in an organ."""

    WINDOW_CLERK = "window_clerk", "窗口经办"
    SECTION_HEAD = "section_head", "审批股长"
    BUREAU_LEADER = "bureau_leader", "审批局领导"
    LIAISON = "liaison", "联络员"
    LIAISON_LEADER = "liaison_leader", "联络负责人"
    INSPECTOR = "inspector", "监管人员"
    DEPARTMENT_LEADER = "department_leader", "部门领导"
    COUNTY_LEADER = "county_leader", "县领导"
    OVERSIGHT = "oversight", "督查室"
    STAFFING = "staffing", "编办"
    JUSTICE = "justice", "司法局"
    DISCIPLINE = "discipline", "纪检监察（只读）"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "安全审计员"


class LiaisonKind(TextChoices):
    """A lead 联络负责人 answers for the organ, an officer 联络员 does the daily work."""

    LEAD = "lead", "联络负责人"
    OFFICER = "officer", "联络员"
