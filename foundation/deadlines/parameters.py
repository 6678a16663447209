"""The parameters every rulebook must set, and the kind of value each takes. What a county leaves open is a choice, and a choice is printed."""

import re
from collections.abc import Callable
from typing import Any

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_WORD = re.compile(r"[a-z][a-z0-9_]*")


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9999


KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "flag": ("true 或 false", lambda value: isinstance(value, bool)),
    "count": ("不小于 0 的整数", _count),
    "limit": ("不小于 0 的整数，或 null（不限）", lambda value: value is None or _count(value)),
    "word": ("一个小写英文词", lambda value: isinstance(value, str) and bool(_WORD.fullmatch(value))),
    "region": ('地区代字，如 NX；没有的写 ""', lambda value: isinstance(value, str) and bool(re.fullmatch(r"[A-Z]{0,10}", value))),
    "time": ('带引号的时刻，如 "24:00"', lambda value: isinstance(value, str) and bool(_TIME.fullmatch(value))),
    "month_day": ('带引号的月-日，如 "11-15"', lambda value: isinstance(value, str) and bool(_MONTH_DAY.fullmatch(value))),
    "words": ("方括号里的词语列表", lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value)),
    "rows": ("方括号里的列表", lambda value: isinstance(value, list)),
}
"""Kind → what a lawyer is told it looks like, and the check."""

_BY_KIND = {
    "flag": (
        "day_zero_counts rest_day_shifts_start half_day_holidays_are_workdays calendar_days_roll provisional_acts late_push_shortens_claim"
        " auto_claim_counts_on_time on_site_needs_approval department_opinion_required deemed_consent deemed_consent_needs_opening"
        " late_opinion_undoes_consent meeting_papers_full_days_between roster_rolls_to_workday overdue_may_be_deleted"
    ),
    "count": (
        "push_target_minutes push_alarm_minutes liaisons_per_organ_min primary_liaisons_per_organ leaders_per_organ_min"
        " liaisons_per_section_min think_tank_per_organ_min inspection_experts_per_organ_min deemed_consent_min_workdays reply_extensions_max"
    ),
    "limit": "liaisons_per_organ_max leaders_per_organ_max think_tank_per_organ_max inspection_experts_per_organ_max",
    "word": (
        "expiry_takes_effect calendar_of month_end_rule redated_not_before push_without_contact task_opens_at return_allowed_until"
        " return_confirmed_clock return_reassigned_clock second_return typo_correction_clock substance_correction_clock low_credit_gate"
        " rectification_ordered_by external_credit_lists proposal_term rescission_term same_evidence_proposal site_inspection_lead"
        " hearing_lead first_action_done_by legacy_problem_by in_progress_at_transfer rulebook_of_record expired_rulebook"
    ),
    "region": "calendar_region",
    "time": "cutoff_time deferred_reminder_time",
    "month_day": "calendar_alarm_from",
    "words": (
        "required_push_fields claim_by no_liaison_fallback duty_ruling duty_ruling_advisers escalation_recipients first_action_kinds"
        " deferred_reminder_days hard_measure_kinds words_outside_the_law deemed_consent_letter_kinds clocks_that_stop circular_channels"
    ),
    "rows": "area_jurisdiction",
}
REQUIRED: dict[str, str] = {name: kind for kind, names in _BY_KIND.items() for name in names.split()}
"""Parameter → kind of its value."""


def fault_of(name: str, value: Any) -> str:
    """What is wrong with the value of a required parameter, in Chinese; empty where it is right or the parameter is not one of ours."""
    if name not in REQUIRED:
        return ""
    words, fits = KINDS[REQUIRED[name]]
    return "" if fits(value) else f"参数 {name} 的 value 应为{words}"
