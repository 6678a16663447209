"""What a person fills in to give a push back, to answer a return, or to withdraw a push."""

from typing import Any

from django import forms

from foundation.organizations.models import Organ
from pushes.returns import LEAST_EXPLANATION
from pushes.statuses import ReturnAnswer, ReturnReason

ANSWERS = [
    (ReturnAnswer.CONFIRMED.value, "维持：仍由退回的单位监管"),
    (ReturnAnswer.REASSIGNED.value, "改派：由另一个单位监管，新期限另起"),
]


def organs_of(county_id: int, *, without: int) -> Any:
    """The organs of a county a push may go to, in the order of their names."""
    return Organ.objects.filter(county_id=county_id, closed_on=None).exclude(pk=without)


class ShortOrganField(forms.ModelChoiceField):
    """A choice of organs under their short names."""

    def label_from_instance(self, obj: Any) -> str:
        """The name people use."""
        return str(obj.short_name)


class ReturnForm(forms.Form):
    """Why a push is not ours, and whose it is."""

    reason = forms.ChoiceField(
        label="退回理由", choices=ReturnReason.choices, widget=forms.RadioSelect, error_messages={"required": "请选择退回的理由。"}
    )
    suggested = ShortOrganField(
        label="建议的监管单位",
        queryset=Organ.objects.none(),
        required=False,
        empty_label="不清楚，由发送单位判断",
        help_text="本县的机关；知道是谁的，请写上，可以少一次往返。",
    )
    explanation = forms.CharField(
        label="说明和依据",
        min_length=LEAST_EXPLANATION,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "请写明职责依据，发送单位要据此答复。",
            "min_length": "请写明职责依据，至少 %(limit_value)s 个字，现在 %(show_value)s 个字。",
        },
    )

    def __init__(self, *args: Any, county_id: int, receiver_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suggested"].queryset = organs_of(county_id, without=receiver_id)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The answer to a return, or the ruling on a second one."""

    answer = forms.ChoiceField(label="答复", choices=ANSWERS, widget=forms.RadioSelect, error_messages={"required": "请选择维持还是改派。"})
    receiver = ShortOrganField(
        label="改派给",
        queryset=Organ.objects.none(),
        required=False,
        empty_label="不改派",
        help_text="改派的，新单位从改派时起另有完整的认领期限。",
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回的单位会看到。",
        error_messages={"required": "请写明答复的理由，对方单位会看到。"},
    )

    def __init__(self, *args: Any, county_id: int, receiver_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = organs_of(county_id, without=receiver_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A reassignment names an organ."""
        found = super().clean() or {}
        if found.get("answer") == ReturnAnswer.REASSIGNED and not found.get("receiver"):
            self.add_error("receiver", "改派的，请选择由哪个单位监管。")
        return found


class WithdrawForm(forms.Form):
    """Why a push is taken back."""

    reason = forms.CharField(
        label="撤回理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="对方单位会看到。认领期限随即取消，已生成的监管任务终止。",
        error_messages={"required": "请写明撤回的理由，对方单位会看到。"},
    )
