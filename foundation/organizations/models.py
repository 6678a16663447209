"""Counties, organs and the people who act for them. Every right is held on an organ, for a time, through a post."""

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Case, Func, IntegerField, Q, Value, When
from guardian.models import GroupObjectPermissionBase

from foundation.organizations.statuses import LiaisonKind, OrganKind, OrganLevel, Role
from foundation.organizations.validators import validate_credit_code


class DateRangeOf(Func):
    """`[from, to]` of two date columns as a range that includes both ends; an empty end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


class County(models.Model):
    """A county: a wall that no matter crosses. `code` is its division code (GB/T 2260)."""

    code = models.CharField("区划代码", max_length=6, unique=True)
    name = models.CharField("名称", max_length=40)
    region = models.CharField("地区日历", max_length=10, blank=True, help_text="key of the regional calendar layer; empty: national only")
    letter_prefix = models.CharField("文号代字", max_length=10, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Organ(models.Model):
    """An organ of a county. Names and codes are dated (OrganName); `name`, `short_name` and `uscc` here are today's."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="organs")
    kind = models.CharField("性质", max_length=24, choices=OrganKind)
    level = models.CharField("层级", max_length=12, choices=OrganLevel, default=OrganLevel.COUNTY)
    superior = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="subordinates")
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40)
    sort_key = models.CharField("拼音排序", max_length=80, blank=True)
    uscc = models.CharField("统一社会信用代码", max_length=18, validators=[validate_credit_code])
    duty_phone = models.CharField("值班电话", max_length=30, blank=True)
    opened_on = models.DateField("设立日期", null=True, blank=True)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        ordering = ["county_id", "sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="organ_in_county"),
            models.UniqueConstraint(fields=["uscc"], condition=Q(closed_on=None), name="organ_credit_code_once"),
        ]
        permissions = [
            ("view_matter", "see what the organ sent and received"),
            ("claim_push", "claim, return and hand over pushes the organ received"),
            ("record_decision", "draft, report and import decisions of the organ"),
            ("issue_decision", "issue decisions of the organ (second person)"),
            ("answer_return", "answer pushes returned to the organ, route the routing pen, withdraw and correct pushes"),
            ("work_task", "carry out supervision tasks of the organ"),
            ("assign_task", "assign supervision tasks of the organ"),
            ("manage_catalogue", "maintain items and their mapping to supervising organs"),
            ("manage_liaison", "maintain the organ's liaison register"),
            ("oversee", "see the figures and overdue rows of the organ"),
            ("order_oversight", "send oversight orders to the organ"),
            ("rule_duty", "rule which organ a duty belongs to"),
            ("reveal_person", "see a person's data unmasked, with a reason"),
            ("excuse_clock", "note that a missed clock is excused"),
            ("manage_rules", "load rulebooks and calendars"),
            ("manage_accounts", "keep accounts and memberships of the organ"),
            ("manage_security", "assign roles and unlock accounts"),
            ("view_journal", "read the journal of the organ"),
        ]

    def __str__(self) -> str:
        return self.short_name


class OrganGrant(GroupObjectPermissionBase):
    """A permission on an organ held by a group. A real foreign key keeps the planner's estimates right."""

    content_object = models.ForeignKey(Organ, on_delete=models.CASCADE)


class OrganName(models.Model):
    """What an organ was called, and under which code, from one day to another."""

    organ = models.ForeignKey(Organ, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40)
    uscc = models.CharField(max_length=18, validators=[validate_credit_code])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    document = models.CharField("依据文件", max_length=120, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organ_name_no_overlap",
                expressions=[
                    ("organ", RangeOperators.EQUAL),
                    (
                        DateRangeOf("valid_from", "valid_to", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
        ]


class Section(models.Model):
    """A section 股室 of an organ."""

    organ = models.ForeignKey(Organ, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField("股室", max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "name"], name="section_name_once")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A named person. What the person may do comes from dated memberships, never from this row."""

    full_name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=30, blank=True)
    office_phone = models.CharField("办公电话", max_length=30, blank=True)
    is_demo = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.full_name or self.username


class Membership(models.Model):
    """A person's post in an organ from one day to another. Its group carries the role's permissions on organs."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="memberships")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True)
    post = models.CharField("职务", max_length=40, blank=True)
    role = models.CharField("角色", max_length=24, choices=Role)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "organ"], name="membership_of_user")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name="membership_dates_in_order"),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organ", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        DateRangeOf("valid_from", "valid_to", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            # The three officers: two posts of one person that meet in time are of the same class, and business is a class of its own.
            ExclusionConstraint(
                name="membership_officers_apart",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Case(
                            When(role=Role.SYSTEM_ADMIN.value, then=Value(1)),
                            When(role=Role.SECURITY_ADMIN.value, then=Value(2)),
                            When(role=Role.AUDITOR.value, then=Value(3)),
                            default=Value(0),
                            output_field=IntegerField(),
                        ),
                        RangeOperators.NOT_EQUAL,
                    ),
                    (
                        DateRangeOf("valid_from", "valid_to", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class Liaison(models.Model):
    """An entry of the liaison register: who speaks for an organ or a section of the bureau; order 0 is post A, 1 its substitute."""

    organ = models.ForeignKey(Organ, on_delete=models.CASCADE, related_name="liaisons")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, null=True, blank=True, related_name="liaisons")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="liaison_entries")
    kind = models.CharField("类别", max_length=12, choices=LiaisonKind)
    order = models.PositiveSmallIntegerField("顺位", default=0)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)

    class Meta:
        ordering = ["organ_id", "kind", "order", "id"]
        indexes = [models.Index(fields=["organ", "kind", "order"], name="liaison_of_organ")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name="liaison_dates_in_order"),
            models.UniqueConstraint(
                fields=["organ", "section", "user", "kind"], condition=Q(valid_to=None), nulls_distinct=False, name="liaison_open_once"
            ),
        ]
