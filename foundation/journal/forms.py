"""The filter of the journal page."""

from datetime import date
from typing import Any

from django import forms

from foundation.journal.queries import Filter
from foundation.journal.words import SUBJECTS, VERBS

EARLIEST = date(2000, 1, 1)


class FilterForm(forms.Form):
    """Subject, organ, person, verb, days. Everything is optional."""

    subject = forms.ChoiceField(required=False, choices=[("", "全部"), *SUBJECTS.items()])
    number = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    organ = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    person = forms.CharField(required=False, max_length=60)
    verb = forms.ChoiceField(required=False, choices=[("", "全部"), *VERBS.items()])
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    def __init__(self, *args: Any, organs: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organ"].choices = [("", "全部"), *organs.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order or out of range."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if any(day and not EARLIEST <= day <= date(9000, 1, 1) for day in (since, until)):
            raise forms.ValidationError("日期超出范围，请重新填写。")
        if since and until and since > until:
            raise forms.ValidationError("开始日期晚于结束日期，请对调。")
        return cleaned

    def wanted(self) -> Filter:
        """The filter, once valid."""
        data = self.cleaned_data
        return Filter(
            subject_type=data["subject"],
            subject_id=data["number"],
            organ_id=data["organ"],
            person=data["person"],
            verb=data["verb"],
            since=data["since"],
            until=data["until"],
        )
