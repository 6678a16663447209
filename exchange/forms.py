"""Forms of imports and tokens."""

from typing import Any

from django import forms

from approvals.statuses import Intake
from exchange.models import ImportSource
from foundation.organizations.models import Organ, User

INTAKES = (
    (Intake.LIVE, "当前办件：入库后立即推送给监管部门，期限自推送起算"),
    (Intake.HISTORY, "历史补录：只入库备查，不推送、不起算期限、不进统计"),
)


class UploadForm(forms.Form):
    """A file and what it is."""

    intake = forms.ChoiceField(label="这些决定是", choices=INTAKES, widget=forms.RadioSelect, initial=Intake.LIVE)
    source = forms.CharField(
        label="来源系统", max_length=60, required=False, help_text="写上名称后，列的对应关系会记住，下次同一系统的文件直接识别"
    )
    file = forms.FileField(label="文件", help_text="xlsx 或 csv（UTF-8、GB18030），至多 100000 行；第一行是标题")

    def __init__(self, *args: Any, organ: Organ, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv"
        self.fields["source"].widget.attrs["list"] = "sources"
        self.sources = list(ImportSource.objects.filter(organ=organ).order_by("name").values_list("name", flat=True))


class TokenForm(forms.Form):
    """A token for an outside system."""

    name = forms.CharField(label="给哪个系统用", max_length=60)
    organ = forms.ModelChoiceField(label="代表哪个单位", queryset=Organ.objects.none())
    user = forms.ModelChoiceField(
        label="服务账号", queryset=User.objects.none(), help_text="须在该单位任职；接口的权限就是这个账号今天的权限"
    )
    expires_on = forms.DateField(label="有效期至", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, organ_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = Organ.objects.filter(pk__in=organ_ids, closed_on=None)  # type: ignore[attr-defined]
        accounts = User.objects.filter(memberships__organ_id__in=organ_ids, is_active=True).distinct().order_by("full_name")
        self.fields["user"].queryset = accounts  # type: ignore[attr-defined]
