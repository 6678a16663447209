"""Administrative counterparts: legal and natural persons."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from foundation.organizations.models import County
from parties.statuses import PartyKind


class Party(models.Model):
    """A legal or natural person in one county. Shown masked by default; a reveal is journaled with its reason."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=12, choices=PartyKind)
    name = models.CharField("名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    id_type = models.CharField("证件类型", max_length=20, blank=True)
    id_number = models.CharField("证件号码", max_length=30, blank=True)
    legal_representative = models.CharField("法定代表人", max_length=50, blank=True)
    contact = models.CharField("联系人", max_length=50, blank=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    is_demo = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["county", "uscc"], condition=~Q(uscc="") & Q(merged_into=None), name="party_credit_code_once"),
            models.UniqueConstraint(
                fields=["county", "id_type", "id_number"], condition=~Q(id_number="") & Q(merged_into=None), name="party_identity_once"
            ),
        ]
        indexes = [GinIndex(fields=["name"], name="party_name_trigram", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name
