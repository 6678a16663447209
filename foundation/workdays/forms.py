"""What people fill in on the calendar pages."""

from typing import Any

from django import forms

from foundation.workdays import queries
from foundation.workdays.counting import FIRST_YEAR, LAST_YEAR, Calendar, Counted
from foundation.workdays.explain import AFTER, BEFORE, DAYS, MONTHS, WORKDAYS

LONGEST = 366
NATIONAL = "national"
"""What a form sends for the national layer, whose key is empty."""
LARGEST_FILE = 200_000
"""Bytes. The days of a year take some five thousand."""


class TryForm(forms.Form):
    """A day and a length, to see where a term would end."""

    day = forms.DateField(label="事情发生的日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    length = forms.IntegerField(label="期限", min_value=0, max_value=LONGEST, initial=5)
    unit = forms.ChoiceField(label="单位", choices=[(WORKDAYS, "个工作日"), (DAYS, "天"), (MONTHS, "个月")])
    direction = forms.ChoiceField(label="方向", choices=[(AFTER, "之后"), (BEFORE, "之前")])

    def clean(self) -> dict[str, Any]:
        """Refuse what no rule has: a number of months counted back."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("unit") == MONTHS and cleaned.get("direction") == BEFORE:
            self.add_error("direction", "按月数的期限只能往后数")
        return cleaned

    def count(self, calendar: Calendar) -> Counted:
        """The last day of the term that was filled in. Raises OutOfCalendar."""
        day, length = self.cleaned_data["day"], self.cleaned_data["length"]
        back = self.cleaned_data["direction"] == BEFORE
        unit = self.cleaned_data["unit"]
        if unit == MONTHS:
            return calendar.add_months(day, length)
        if unit == DAYS:
            return calendar.subtract_days(day, length) if back else calendar.add_days(day, length)
        return calendar.subtract(day, length) if back else calendar.add(day, length)


class NoticeForm(forms.Form):
    """Which notice is imported."""

    layer = forms.TypedChoiceField(label="日历", coerce=lambda value: "" if value == NATIONAL else str(value))
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    notice = forms.CharField(label="依据", max_length=200, help_text="通知的全称，日历上的每一天都以它为来源")
    url = forms.URLField(label="网址", max_length=200, required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key or NATIONAL, queries.layer_name(key)) for key in queries.layer_keys()]
        self.fields["layer"].choices = choices  # type: ignore[attr-defined]


class UploadForm(NoticeForm):
    """The notice and the file with its days."""

    file = forms.FileField(label="日期文件", help_text="CSV（表头 date,kind,name）或 holiday-cn 格式的 JSON；不得含涉密内容")

    def clean_file(self) -> Any:
        """Refuse what cannot be the days of a year."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise forms.ValidationError("文件过大，一年的日期不会超过 200 KB，请核对是否选错了文件")
        return upload


class ConfirmForm(NoticeForm):
    """What was previewed, sent back to be imported."""

    rows = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
