"""Values in `before` and `after` as people read them: the labels of their models' choices, names of organs, moments of the portal's zone."""

import json
import re
from collections.abc import Mapping
from datetime import datetime

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from foundation.common import clock

ORGANS = frozenset({"organ", "receiver", "suggested"})
"""Names whose value is the number of an organ."""
SAID = {
    "confirmed": "维持原推送",
    "duplicate": "重复推送",
    "incomplete": "信息不全，无法办理",
    "not_our_duty": "不属于本单位职责",
    "reassigned": "改派",
    "ruled": "转职责裁定",
    "wrong_area": "不在本单位辖区",
    "wrong_item": "事项关联有误",
}
"""Values of an act itself, which are no choice of the subject's model."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def value_words(*, subject_type: str, name: str, value: object, organs: Mapping[int, str]) -> str:
    """One value in words; what has none is shown as it is stored."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in ORGANS and isinstance(value, int):
        return organs.get(value, f"编号 {value}")
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if _MOMENT.match(value):
        return f"{clock.local(datetime.fromisoformat(value)):%Y年%-m月%-d日 %H:%M}"
    return _label(subject_type, name, value) or SAID.get(value, value)


def _label(subject_type: str, name: str, value: str) -> str:
    try:
        choices = apps.get_model(subject_type)._meta.get_field(name).flatchoices
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return ""
    return str(dict(choices).get(value, ""))
