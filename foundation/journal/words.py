"""The journal in words: verbs, kinds of subjects and clients as people read them. An unknown one is shown as it is stored."""

VERBS = {
    "attachment.add": "上传附件",
    "attachment.broken": "发现附件损坏",
    "calendar.import": "导入节假日安排",
    "clock.excuse": "认定免责",
    "decision.amend_draft": "修改草稿",
    "decision.draft": "起草决定",
    "decision.issue": "作出决定",
    "decision.report": "报送决定",
    "decision.route": "确定去向",
    "decision.send_back": "退回草稿",
    "decision.submit": "提交审核",
    "delivery.resend": "重新发送消息",
    "handling_item.add": "新增办理项",
    "handling_item.alter": "修改办理项",
    "handling_item.end": "停用办理项",
    "item.add": "新增事项",
    "item.alter": "修改事项",
    "item.end": "停用事项",
    "item.transfer": "划转事项",
    "journal.export": "导出留痕",
    "mapping.add": "建立监管对应",
    "mapping.alter": "修改监管对应",
    "mapping.end": "终止监管对应",
    "number.give": "编发文号",
    "number.void": "作废文号",
    "party.complete": "补全相对人",
    "party.merge": "合并相对人",
    "party.register": "登记相对人",
    "party.reveal": "查看个人信息",
    "power.end": "终止权限",
    "power.grant": "授予权限",
    "push.auto_claim": "系统自动认领",
    "push.claim": "认领推送",
    "push.confirm": "确认原单位监管",
    "push.correct": "更正推送",
    "push.reassign": "改派推送",
    "push.return": "退回推送",
    "push.send": "推送",
    "push.supersede": "推送被取代",
    "push.withdraw": "撤回推送",
    "rulebook.load": "装载规则",
    "supervision_item.add": "新增监管事项",
    "task.act": "登记监管行为",
    "task.assign": "分派任务",
    "task.feed_back": "反馈结果",
    "task.finish": "完成任务",
    "task.withdraw": "撤销任务",
    "transfer_batch.add": "新增划转批次",
}
SUBJECTS = {
    "approvals.decision": "许可决定",
    "catalogue.handlingitem": "办理项",
    "catalogue.item": "事项",
    "catalogue.mapping": "监管对应",
    "catalogue.power": "权限",
    "deadlines.deadline": "期限",
    "deadlines.rulebook": "规则",
    "exchange.importjob": "导入",
    "journal.entry": "留痕",
    "notices.delivery": "消息发送",
    "organizations.county": "县区",
    "organizations.liaison": "联络登记",
    "organizations.membership": "任职",
    "organizations.organ": "机关",
    "organizations.user": "账号",
    "papers.attachment": "附件",
    "papers.officialnumber": "文号",
    "parties.party": "相对人",
    "pushes.push": "推送",
    "supervision.task": "监管任务",
    "workdays.calendaryear": "年度日历",
}
CLIENTS = {"web": "页面", "api": "接口", "import": "导入", "command": "命令", "rule": "规则"}


def verb_words(verb: str) -> str:
    """What was done."""
    return VERBS.get(verb, verb)


def subject_words(label: str) -> str:
    """What kind of thing it was done to."""
    return SUBJECTS.get(label, label)
