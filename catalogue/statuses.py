"""Words of the catalogue."""

from django.db.models import TextChoices


class ItemKind(TextChoices):
    """What kind of approval item."""

    LICENCE = "licence", "行政许可"
    RELATED = "related", "关联事项"
    OTHER = "other", "其他权力"


class ItemStatus(TextChoices):
    """Where the power stands."""

    TRANSFERRED = "transferred", "已划转"
    STATIONED = "stationed", "进驻大厅，未划转"
    CANCELLED_STILL_SUPERVISED = "cancelled_still_supervised", "已取消审批，仍须监管"
    CONVERTED = "converted", "已转为其他权力"


class CommitmentMode(TextChoices):
    """Whether and how an item may be granted on notification and commitment."""

    NONE = "none", "不适用"
    DEFERRED_MATERIAL = "deferred_material", "材料延期"
    VERIFIED_MATERIAL = "verified_material", "材料核验"
    POST_CHECK = "post_check", "事后核查"


class SupervisionMode(TextChoices):
    """How a supervision item is supervised."""

    KEY = "K", "重点监管"
    RANDOM = "R", "双随机"
    PLAN = "C", "计划检查"
    DESK = "D", "书面数据核查"


class Verb(TextChoices):
    """What a dated power lets an organ do."""

    DECIDE = "decide", "作出许可决定"
    ALTER = "alter", "变更"
    RENEW = "renew", "延续"
    WITHDRAW = "withdraw", "撤回"
    REVOKE = "revoke", "撤销"
    DEREGISTER = "deregister", "注销"
    INSPECT = "inspect", "监督检查"
    PENALISE = "penalise", "行政处罚"
    RESCIND = "rescind", "吊销"
    COMPEL = "compel", "行政强制"
    LEVY = "levy", "行政征收"


class PublicField(TextChoices):
    """What is made public of an item, beside its limits (SC-10, BA-08; Licensing Law article 30)."""

    BASIS = "basis", "设定依据"
    APPLICANT = "applicant", "实施对象"
    AUTHORITY = "authority", "权限内容"
    CONDITIONS = "conditions", "实施条件"
    QUANTITY = "quantity", "数量"
    MATERIALS = "materials", "申请材料"
    SAMPLE = "sample", "申请书示范文本"
    REVIEW = "review", "审查方式及标准"
    PROCEDURE = "procedure", "办理流程"
    FEES = "fees", "收费标准"
    DUTIES = "duties", "责任事项"
    ACCOUNTABILITY = "accountability", "追责情形"


class ServiceTag(TextChoices):
    """How an item can be handled (SC-08)."""

    AT_ONCE = "at_once", "马上办"
    ONLINE = "online", "网上办"
    NEARBY = "nearby", "就近办"
    ONE_VISIT = "one_visit", "一次办"
    ASSISTED = "assisted", "帮代办"
