"""What speaks against issuing a decision. It refuses an issue here; on a decision made elsewhere it is only recorded."""

from collections.abc import Iterable

from approvals.models import Decision
from approvals.snapshot import snapshot_of
from catalogue import powers as catalogue
from catalogue.statuses import Verb
from foundation.common import clock, hooks
from foundation.common.errors import Refused
from foundation.common.hooks import Finding
from foundation.papers.numbers import is_number
from pushes.snapshots import FIELD_WORDS, missing_fields

KEY_FIELDS = {"item_name", "document_number", "party_name", "decided_on"}


def findings_of(decision: Decision, *, powers: catalogue.PowerIndex | None = None) -> list[Finding]:
    """Everything that speaks against the decision, from this room and from those above. `powers`: loaded once for many decisions."""
    found = [*_power(decision, powers), *_fields(decision), *_dates(decision), *_number(decision)]
    for check in hooks.may_issue.of(Decision._meta.label_lower):
        found.extend(check(subject=decision))
    return found


def refuse_if_blocked(decision: Decision) -> None:
    """Raise Refused with the first finding that blocks, and the number of the others."""
    blocking = [finding for finding in findings_of(decision) if finding.blocks]
    if blocking:
        more = f"（另有 {len(blocking) - 1} 处需要补正）" if len(blocking) > 1 else ""
        raise Refused(blocking[0].message + more, field=blocking[0].field, code=blocking[0].code)


def _power(decision: Decision, powers: catalogue.PowerIndex | None) -> Iterable[Finding]:
    item = decision.handling_item.item if decision.handling_item else None
    if item is None:
        yield Finding(code="no_item", message="没有选择审批事项和业务办理项。", field="handling_item")
        return
    if item.secret:
        yield Finding(code="secret", message="这一事项涉密，不得进入本系统，请按保密规定线下办理。", field="handling_item")
    judge = powers.may if powers else catalogue.may
    if not judge(organ_id=decision.organ_id, item_id=item.pk, verb=Verb.DECIDE, on=decision.decided_on):
        yield Finding(
            code="no_power",
            message=f"{decision.organ.short_name}在许可日期那一天没有“{item.name}”的审批权，请核对事项、日期和划转清单。",
            field="handling_item",
        )


def _fields(decision: Decision) -> Iterable[Finding]:
    snapshot = snapshot_of(decision)
    lacking = missing_fields(snapshot=snapshot, rulebook=decision.rulebook)
    for key in lacking:
        yield Finding(code="missing", message=f"缺少{FIELD_WORDS[key]}，推送时必须告知监管部门。", field=key)
    for key in sorted(KEY_FIELDS.difference(lacking)):
        if not snapshot[key]:
            yield Finding(code="missing_key", message=f"缺少{FIELD_WORDS[key]}。", field=key)


def _dates(decision: Decision) -> Iterable[Finding]:
    today = clock.civil_day(decision.issued_at) if decision.issued_at else clock.today()
    if decision.decided_on > today:
        yield Finding(code="future", message="许可日期不能晚于今天。", field="decided_on")


def _number(decision: Decision) -> Iterable[Finding]:
    if not decision.document_number:
        return
    if not is_number(decision.document_number):
        words = f"文号“{decision.document_number}”的格式与公文字号不同，请核对。"
        yield Finding(code="number", message=words, field="document_number", blocks=False)
