"""What the parameters of a rulebook are called on the screen, in the order in which the rules page shows them."""

GROUPS: dict[str, dict[str, str]] = {
    "怎样数日子": {
        "day_zero_counts": "事件当日",
        "rest_day_shifts_start": "下班后、休息日",
        "cutoff_time": "末日截止",
        "expiry_takes_effect": "期满的时刻",
        "calendar_region": "日历",
        "calendar_of": "用谁的日历",
        "half_day_holidays_are_workdays": "半天节日",
        "calendar_days_roll": "末日遇休息日",
        "month_end_rule": "按月的期限",
        "roster_rolls_to_workday": "按钟点的期限",
        "provisional_acts": "次年节假日未公布",
        "calendar_alarm_from": "日历告警",
        "redated_not_before": "日历调整后重算",
    },
    "推送、认领、退回": {
        "push_target_minutes": "推送目标",
        "push_alarm_minutes": "推送告警",
        "required_push_fields": "推送必填项",
        "push_without_contact": "没有联系方式",
        "task_opens_at": "生成监管任务",
        "claim_by": "谁可以认领",
        "no_liaison_fallback": "没有联络员",
        "late_push_shortens_claim": "推送迟了",
        "auto_claim_counts_on_time": "自动认领的统计",
        "return_allowed_until": "退回的时限",
        "return_confirmed_clock": "维持原推送",
        "return_reassigned_clock": "改派",
        "second_return": "第二次退回",
        "duty_ruling": "职责裁定",
        "duty_ruling_advisers": "参与裁定",
        "typo_correction_clock": "更正文字",
        "substance_correction_clock": "更正实质内容",
    },
    "联络员和专家": {
        "liaisons_per_organ_min": "单位联络员下限",
        "liaisons_per_organ_max": "单位联络员上限",
        "primary_liaisons_per_organ": "为主的联络员",
        "leaders_per_organ_min": "联络负责人下限",
        "leaders_per_organ_max": "联络负责人上限",
        "liaisons_per_section_min": "股室联络员下限",
        "think_tank_per_organ_min": "智囊团下限",
        "think_tank_per_organ_max": "智囊团上限",
        "inspection_experts_per_organ_min": "勘验专家下限",
        "inspection_experts_per_organ_max": "勘验专家上限",
        "escalation_recipients": "上报给谁",
    },
    "监管任务": {
        "first_action_kinds": "首次监管行动",
        "first_action_done_by": "怎样算启动",
        "on_site_needs_approval": "现场检查",
    },
    "告知承诺和信用": {
        "low_credit_gate": "信用等级低",
        "rectification_ordered_by": "责令整改",
        "deferred_reminder_time": "补交提醒时刻",
        "deferred_reminder_days": "补交提醒日",
        "external_credit_lists": "对外信用名单",
    },
    "变更、撤销建议": {
        "proposal_term": "建议的期限",
        "rescission_term": "吊销的期限",
        "hard_measure_kinds": "有数字的措施",
        "department_opinion_required": "听取部门意见",
        "same_evidence_proposal": "同一证据再提",
        "words_outside_the_law": "法外用语",
    },
    "函件、会商、勘验": {
        "deemed_consent": "视为同意",
        "deemed_consent_min_workdays": "视为同意的最短期",
        "deemed_consent_letter_kinds": "视为同意的函件",
        "deemed_consent_needs_opening": "须已打开",
        "late_opinion_undoes_consent": "迟到的意见",
        "reply_extensions_max": "复函延长",
        "clocks_that_stop": "停走的期限",
        "circular_channels": "政策变动的告知",
        "meeting_papers_full_days_between": "会议材料的数法",
        "site_inspection_lead": "勘验牵头",
        "hearing_lead": "听证牵头",
    },
    "划转和遗留问题": {
        "legacy_problem_by": "遗留问题",
        "area_jurisdiction": "园区",
        "in_progress_at_transfer": "划转时在办的",
    },
    "规则本身": {
        "rulebook_of_record": "适用哪一版",
        "expired_rulebook": "规则已过有效期",
        "overdue_may_be_deleted": "逾期记录",
    },
}

COUNTING = ("day_zero_counts", "cutoff_time", "rest_day_shifts_start", "half_day_holidays_are_workdays")
"""What every counted date rests on."""
COUNTING_BY_UNIT = {
    "days": ("calendar_days_roll",),
    "months": ("month_end_rule", "calendar_days_roll"),
    "clock_time": ("roster_rolls_to_workday",),
}
COUNTING_BY_EFFECT = {"auto_claim": ("expiry_takes_effect",)}
NAMES = {key: name for group in GROUPS.values() for key, name in group.items()}
