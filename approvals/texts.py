"""Texts of a decision, from whichever side they come."""

from typing import Any

from approvals.models import Decision
from foundation.common.errors import Refused
from foundation.common.secrets import refuse_secret_marks


def clean_text(name: str, value: str) -> str:
    """A text of a decision as it is stored. Raises Refused for a classification mark or a text longer than its column."""
    text = value.strip()
    refuse_secret_marks(text, field=name)
    field: Any = Decision._meta.get_field(name)
    if field.max_length and len(text) > field.max_length:
        raise Refused(f"{field.verbose_name}超过 {field.max_length} 个字，请核对是否填错了栏目。", field=name, code="too_long")
    return text
