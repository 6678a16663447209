"""Where a decision comes from and where it stands."""

from django.db.models import TextChoices


class Origin(TextChoices):
    """Issued in the portal (four eyes), or made elsewhere and reported to it."""

    ISSUED_HERE = "issued_here", "本系统签发"
    REPORTED = "reported", "系统外作出、登记入库"


class Intake(TextChoices):
    """Live matters are pushed and run clocks; history opens no clock, no task and no statistic."""

    LIVE = "live", "当前办件"
    HISTORY = "history", "历史补录"


class DecisionKind(TextChoices):
    """Grant or refusal."""

    GRANT = "grant", "准予许可"
    REFUSAL = "refusal", "不予许可"


class DecisionState(TextChoices):
    """draft → submitted → issued; a submitted draft may go back; reported rows that cannot be routed wait in the pen."""

    DRAFT = "draft", "起草"
    SUBMITTED = "submitted", "待签发"
    ISSUED = "issued", "已签发"
    UNROUTED = "unrouted", "待分派"
    VOIDED = "voided", "作废"


MOVES: dict[str, frozenset[str]] = {
    DecisionState.DRAFT: frozenset({DecisionState.SUBMITTED}),
    DecisionState.SUBMITTED: frozenset({DecisionState.DRAFT, DecisionState.ISSUED}),
    DecisionState.UNROUTED: frozenset({DecisionState.ISSUED, DecisionState.VOIDED}),
    DecisionState.ISSUED: frozenset({DecisionState.VOIDED}),
    DecisionState.VOIDED: frozenset(),
}
"""From which state a decision may go to which."""

LONG_TERM = "2099-12-31"
"""How the national layout writes 长期 (no end of validity)."""


class CorrectionKind(TextChoices):
    """Neither is a legal change: what was registered was wrong, or should never have been registered (DESIGN 6)."""

    AMEND = "amend", "更正"
    VOID = "void", "作废"


class CorrectionState(TextChoices):
    """proposed → approved | rejected, by a second person."""

    PROPOSED = "proposed", "待复核"
    APPROVED = "approved", "已办理"
    REJECTED = "rejected", "未同意"


class DutyKind(TextChoices):
    """What the bureau itself owes after a live decision; the value is the key of the rulebook's term."""

    DELIVERY = "certificate_delivery", "送达证件"
    PUBLICATION = "publication", "公示许可决定"


class DeliveryMeans(TextChoices):
    """How a certificate reached its holder."""

    WINDOW = "window", "窗口领取"
    POST = "post", "邮寄"
    ELECTRONIC = "electronic", "电子送达"
