"""Where a supervision task stands and what came of it."""

from django.db.models import TextChoices


class TaskState(TextChoices):
    """open → assigned → acting → finished → fed_back; withdrawn when the push it came from was withdrawn."""

    OPEN = "open", "待分派"
    ASSIGNED = "assigned", "待开始"
    ACTING = "acting", "办理中"
    FINISHED = "finished", "已办结，待录结果"
    FED_BACK = "fed_back", "已反馈"
    WITHDRAWN = "withdrawn", "已撤销"


MOVES: dict[str, frozenset[str]] = {
    TaskState.OPEN: frozenset({TaskState.ASSIGNED, TaskState.ACTING, TaskState.WITHDRAWN}),
    TaskState.ASSIGNED: frozenset({TaskState.ASSIGNED, TaskState.ACTING, TaskState.WITHDRAWN}),
    TaskState.ACTING: frozenset({TaskState.ASSIGNED, TaskState.FINISHED, TaskState.WITHDRAWN}),
    TaskState.FINISHED: frozenset({TaskState.FED_BACK, TaskState.WITHDRAWN}),
    TaskState.FED_BACK: frozenset(),
    TaskState.WITHDRAWN: frozenset(),
}
"""From which state a task may go to which."""


class FirstAction(TextChoices):
    """The first thing done on a task (E-16): a task is not an inspection, and only the last of these visits the enterprise."""

    VIEW = "view", "查看"
    OFF_SITE = "off_site", "非现场"
    PLAN = "plan", "纳入计划"
    ON_SITE = "on_site", "现场"


class Outcome(TextChoices):
    """What supervision found."""

    NORMAL = "normal", "未发现问题"
    CORRECTED = "corrected", "问题已当场改正"
    RECTIFY = "rectify", "责令限期整改"
    VIOLATION = "violation", "涉嫌违法，另案处理"
    PLANNED = "planned", "已查看，纳入检查计划"
    NOT_FOUND = "not_found", "未开展经营或查无下落"
