"""Items, handling items, supervision items, who supervises what, and dated powers."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q

from catalogue.statuses import CommitmentMode, ItemKind, ItemStatus, SupervisionMode, Verb
from foundation.organizations.models import County, DateRangeOf, Organ, User

WHOLE_DAYS = RangeBoundary(inclusive_lower=True, inclusive_upper=True)


class TransferBatch(models.Model):
    """A batch of items handed to the bureau on one day under one document (PT-02, ZC-01)."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("批次")
    document = models.CharField("依据文件", max_length=120)
    handed_over_on = models.DateField("划转日期")
    printed_items = models.PositiveSmallIntegerField("文件所载事项数", null=True, blank=True)
    printed_handling_items = models.PositiveSmallIntegerField("文件所载办理项数", null=True, blank=True)

    class Meta:
        ordering = ["county_id", "number"]
        constraints = [models.UniqueConstraint(fields=["county", "number"], name="transfer_batch_once")]

    def __str__(self) -> str:
        return f"第{self.number}批"


class Item(models.Model):
    """An approval item 审批事项. Codes are opaque strings: other provinces write them differently."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField("种类", max_length=10, choices=ItemKind, default=ItemKind.LICENCE)
    status = models.CharField("状态", max_length=30, choices=ItemStatus, default=ItemStatus.TRANSFERRED)
    name = models.CharField("审批事项", max_length=200)
    base_code = models.CharField("基本编码", max_length=40, blank=True)
    implementation_code = models.CharField("实施编码", max_length=60, blank=True)
    bureau = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+", help_text="the organ that decides today")
    competent = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="主管部门")
    transfer_date = models.DateField("划转日期", null=True, blank=True)
    transfer_batch = models.ForeignKey(TransferBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    in_hall = models.BooleanField("进驻政务大厅", default=False)
    public = models.JSONField("公开要素", default=dict, blank=True, help_text="PublicField → text")
    service_tags = models.JSONField("服务方式", default=list, blank=True, help_text="[ServiceTag]")
    key_field = models.BooleanField("重点监管领域", default=False)
    secret = models.BooleanField("涉密", default=False, help_text="matters of such an item stay out of the portal")
    statutory_limit_days = models.PositiveSmallIntegerField("法定时限（工作日）", default=20)
    promised_limit_days = models.PositiveSmallIntegerField("承诺时限（工作日）", default=5)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)

    class Meta:
        ordering = ["county_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["county", "name"], condition=Q(valid_to=None), name="item_name_once"),
            models.UniqueConstraint(
                fields=["county", "implementation_code"], condition=Q(valid_to=None) & ~Q(implementation_code=""), name="item_code_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HandlingItem(models.Model):
    """A handling item 业务办理项: the smallest unit that is decided."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="handling_items")
    name = models.CharField("办理项", max_length=200)
    code = models.CharField("办理项编码", max_length=60, blank=True)
    commitment_mode = models.CharField("告知承诺", max_length=20, choices=CommitmentMode, default=CommitmentMode.NONE)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)

    class Meta:
        ordering = ["item_id", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "name"], condition=Q(valid_to=None), name="handling_item_name_once")]
        indexes = [models.Index(fields=["code"], name="handling_item_code")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Item and handling item, joined as lists show them."""
        return self.item.name if self.name == self.item.name else f"{self.item.name}·{self.name}"


class SupervisionItem(models.Model):
    """A supervision item 监管事项 of a department."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="supervision_items")
    name = models.CharField("监管事项", max_length=200)
    code = models.CharField("监管事项编码", max_length=60, blank=True)
    mode = models.CharField("监管方式", max_length=1, choices=SupervisionMode)

    class Meta:
        ordering = ["organ_id", "id"]
        constraints = [models.UniqueConstraint(fields=["organ", "name"], name="supervision_item_name_once")]

    def __str__(self) -> str:
        return self.name


class Mapping(models.Model):
    """A row of the linkage catalogue 关联目录: decisions on this handling item are pushed to this organ while the row is valid."""

    handling_item = models.ForeignKey(HandlingItem, on_delete=models.PROTECT, related_name="mappings")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="mappings")
    supervision_item = models.ForeignKey(SupervisionItem, on_delete=models.PROTECT, related_name="mappings")
    liaison = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    document = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        ordering = ["handling_item_id", "id"]
        constraints = [
            ExclusionConstraint(
                name="mapping_no_overlap",
                expressions=[
                    ("handling_item", RangeOperators.EQUAL),
                    ("organ", RangeOperators.EQUAL),
                    (DateRangeOf("valid_from", "valid_to", WHOLE_DAYS), RangeOperators.OVERLAPS),
                ],
            )
        ]


class Power(models.Model):
    """A dated power: this organ may do this verb on this item (in this area) from one day to another. Judged on the day of the decision."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="powers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="powers")
    verb = models.CharField(max_length=12, choices=Verb)
    area = models.CharField("辖区", max_length=40, blank=True, help_text="empty: the whole county")
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    document = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="power_no_overlap",
                expressions=[
                    ("organ", RangeOperators.EQUAL),
                    ("item", RangeOperators.EQUAL),
                    ("verb", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (DateRangeOf("valid_from", "valid_to", WHOLE_DAYS), RangeOperators.OVERLAPS),
                ],
            )
        ]


class CatalogueImport(models.Model):
    """A catalogue sheet that was uploaded: kept between preview and taking in, and afterwards as a record."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    bureau = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(TransferBatch, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField("自")
    rows = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True, help_text="{items, handling_items, mappings, unchanged, refused}")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
