"""Kinds of parties."""

from django.db.models import TextChoices


class PartyKind(TextChoices):
    """As the double-publicity layout names them."""

    LEGAL = "legal", "法人及非法人组织"
    BUSINESS = "business", "个体工商户"
    NATURAL = "natural", "自然人"


class RevealField(TextChoices):
    """What of a party is masked and can be shown on a reasoned request."""

    NAME = "name", "姓名"
    ID_NUMBER = "id_number", "证件号码"
    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    CONTACT = "contact", "联系人"
    PHONE = "phone", "联系电话"
    ADDRESS = "address", "地址"
