"""The words of a notice. A notice stores its kind and a few parameters; what a person reads is made here, so wording can improve.

Parameters never hold personal data. Known ones: `title` (item), `document_number`, `sender`, `receiver`, `organ` (short names of
organs), `suggested`, `reason`, `answer`, `result`, `version`, `term`, `article`, `last_day`, `due_at`, `old_last_day`, `count`, `good`,
`bad`, `file`, `what`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """Title and sentence of a kind. A `[part]` of the sentence is left out where one of its parameters is missing."""

    title: str
    text: str
    icon: str
    tone: str = ""


KINDS: dict[str, Words] = {
    "push_received": Words(
        "收到推送", "[{sender}]推送了[“{title}”][（{document_number}）]，请在期限内认领[，最后一天是{last_day}]。", "inbox"
    ),
    "push_auto_claimed": Words(
        "系统自动认领", "[“{title}”][（{document_number}）]期满未认领，已由系统自动认领，请安排监管。", "clock-cog", "soon"
    ),
    "push_claimed": Words("推送已认领", "[{receiver}]已认领[“{title}”][（{document_number}）]。", "circle-check"),
    "push_returned": Words(
        "推送被退回",
        "[{receiver}]退回了[“{title}”][（{document_number}）][，理由：{reason}][，建议改送{suggested}]。请答复。",
        "arrow-back-up",
        "soon",
    ),
    "return_answered": Words("退回已答复", "[{sender}]已答复退回的[“{title}”][（{document_number}）][：{answer}]。", "message-reply"),
    "push_parked": Words("等候职责裁定", "[“{title}”][（{document_number}）]再次被退回，已转职责裁定。", "scale", "soon"),
    "push_withdrawn": Words("推送已撤回", "[{sender}]撤回了[“{title}”][（{document_number}）][，原因：{reason}]。", "ban"),
    "push_corrected": Words("推送内容已更正", "[{sender}]更正了[“{title}”][（{document_number}）]的推送内容[：{reason}]。", "edit"),
    "reminder": Words(
        "期限将至", "[“{title}”][（{document_number}）][{term}]即将届满[，最后一天是{last_day}][（{article}）]。", "alarm", "soon"
    ),
    "escalation": Words(
        "逾期上报",
        "[{organ}的][“{title}”][（{document_number}）][{term}]已逾期[，最后一天是{last_day}][（{article}）]。",
        "alert-octagon",
        "over",
    ),
    "task_opened": Words("新的监管任务", "[“{title}”][（{document_number}）]的监管任务已建立[，请在{last_day}前完成]。", "clipboard-list"),
    "task_assigned": Words(
        "任务已分派给您", "[“{title}”][（{document_number}）]的监管任务已分派给您[，请在{last_day}前完成]。", "user-check"
    ),
    "result_fed_back": Words(
        "监管结果已反馈", "[{organ}]反馈了[“{title}”][（{document_number}）]的监管结果[：{result}]。", "corner-down-left"
    ),
    "clock_redated": Words(
        "期限日期有变",
        "[“{title}”][（{document_number}）][的{term}][{count} 个期限的]日期变动[，原为{old_last_day}][，现为{last_day}][，因{reason}]。",
        "calendar-event",
    ),
    "routing_waiting": Words(
        "等待确定去向", "[“{title}”][（{document_number}）]尚未对应监管单位，请在待分送栏办理[（{reason}）]。", "route", "soon"
    ),
    "alarm": Words("运行提醒", "[{what}]", "alert-triangle", "over"),
    "import_done": Words("导入完成", "[{file}]已处理完毕[，入库 {good} 行][，待改 {bad} 行]。", "file-import"),
    "work_handed_over": Words("工作已移交", "[{count} 件]在办工作已移交给您[（{reason}）]。", "transfer"),
}
"""Kind → words. Adding a kind means adding a row here."""

PARAMETERS = frozenset(
    {
        *("title", "document_number", "sender", "receiver", "organ", "reason", "term", "article", "last_day", "due_at", "old_last_day"),
        *("count", "good", "bad", "file", "what", "result", "answer", "version", "suggested", "subject_type", "subject_id"),
    }
)
ORGANS = frozenset({"sender", "receiver", "organ", "suggested"})
"""Parameters that are shown only where they are names; an id says nothing to a reader."""
_PART = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")


def check_kind(kind: str) -> None:
    """Raise ValueError for a kind that has no words."""
    if kind not in KINDS:
        raise ValueError(f"notice kind {kind!r} has no words in foundation.notices.words")


def kept(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that may be stored: known ones with a value. The list is what keeps personal data out of notices."""
    return {name: value for name, value in params.items() if name in PARAMETERS and value not in (None, "")}


def title_of(kind: str) -> str:
    """The Chinese title of a kind."""
    return KINDS[kind].title if kind in KINDS else "消息"


def text_of(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence of a notice, without the parts for which a parameter is missing."""
    words = KINDS.get(kind)
    if words is None:
        return ""

    def part(found: re.Match[str]) -> str:
        names = _NAME.findall(found[1])
        if any(params.get(name) in (None, "") or (name in ORGANS and not isinstance(params[name], str)) for name in names):
            return ""
        return found[1].format(**{name: _shown(params[name]) for name in names})

    return _PART.sub(part, words.text).strip()


def _shown(value: object) -> str:
    """Days as people write them: 2026-10-15 → 10月15日（四）."""
    text = str(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        return f"{day.month}月{day.day}日（{'一二三四五六日'[day.weekday()]}）"
    return text
