"""Words of a rulebook and states of a clock."""

from django.db.models import TextChoices


class Unit(TextChoices):
    """The unit of a term's length. A day in a statute is a working day only where the statute says so, so the unit is never implied."""

    WORKDAYS = "workdays", "个工作日"
    DAYS = "days", "天"
    MONTHS = "months", "个月"
    MINUTES = "minutes", "分钟"
    SAME_DAY = "same_day", "当日 24:00"
    CLOCK_TIME = "clock_time", "当日某时"


class Direction(TextChoices):
    """Counted on from its event, or back from it."""

    AFTER = "after", "之后"
    BEFORE = "before", "之前"


class Effect(TextChoices):
    """What follows when the moment passes. Only effects that a room has registered end the clock; the others leave it running, overdue."""

    AUTO_CLAIM = "auto_claim", "系统自动认领"
    DEEMED_CONSENT = "deemed_consent", "视为同意"
    DEEMED_RENEWED = "deemed_renewed", "视为准予延续"
    DECISION_TASK = "decision_task", "转为决定事项"
    ESCALATE = "escalate", "上报"
    OVERDUE = "overdue", "记为逾期"
    WARN = "warn", "提示，可说明理由后迟办"
    NOTICE = "notice", "提醒"
    ADVISORY = "advisory", "提示"


class ClockState(TextChoices):
    """running → met | expired | cancelled; running ⇄ held (a return awaits the bureau's answer). Overdue is derived, never stored."""

    RUNNING = "running", "在走"
    HELD = "held", "暂停计时后果"
    MET = "met", "已办"
    EXPIRED = "expired", "届满生效"
    CANCELLED = "cancelled", "已取消"


class AdjustmentKind(TextChoices):
    """Why a clock's date changed."""

    STARTED = "started", "起算"
    CALENDAR = "calendar", "节假日安排"
    ANCHOR = "anchor", "起算时刻更正"
    EXTENSION = "extension", "延长"
    HOLD = "hold", "退回等候答复"
    RELEASE = "release", "答复后恢复"
    RULEBOOK = "rulebook", "规则更正"
    EXEMPTION = "exemption", "认定免责"
    TRANSFER = "transfer", "机构变动"
    CANCELLED = "cancelled", "取消"
