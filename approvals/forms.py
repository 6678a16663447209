"""The form of a decision: the eight fields a push must tell, in their order, each with what it is for."""

from typing import Any

from django import forms
from django.http import QueryDict

from approvals.drafting import Filled
from approvals.models import Decision
from approvals.statuses import DecisionKind, Intake
from catalogue.models import HandlingItem
from catalogue.statuses import CommitmentMode
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from parties.models import Party
from parties.statuses import PartyKind

SIMPLE = (
    "item_text",
    "kind",
    "commitment_mode",
    "document_number",
    "title",
    "party_contact",
    "no_contact_reason",
    "party_address",
    "decided_on",
    "valid_from",
    "valid_to",
    "content",
    "certificate_name",
    "certificate_number",
)
NEW_PARTY = ("kind", "name", "uscc", "id_number", "contact", "phone", "address")


class ManyFilesInput(forms.ClearableFileInput):
    """A file field that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several uploads as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file on its own."""
        return [forms.FileField.clean(self, one, initial) for one in (data if isinstance(data, list | tuple) else [data]) if one]


def _day(label: str, help_text: str, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class DecisionForm(forms.Form):
    """What a clerk fills in for a draft or a report. What blocks an issue is judged by the act, not here."""

    handling_item = forms.ModelChoiceField(HandlingItem.objects.none(), label="审批事项和业务办理项", required=False)
    item_text = forms.CharField(
        label="事项（原文）", max_length=300, required=False, help_text="目录里找不到时照原文填写，之后在分派时对应。"
    )
    party = forms.ModelChoiceField(Party.objects.none(), label="行政相对人", required=False)
    kind = forms.ChoiceField(label="决定", choices=DecisionKind.choices, widget=forms.RadioSelect, initial=DecisionKind.GRANT)
    commitment_mode = forms.ChoiceField(
        label="告知承诺", choices=CommitmentMode.choices, required=False, help_text="按事项目录登记的方式；以告知承诺作出的，核查期限另计。"
    )
    document_number = forms.CharField(
        label="法律文书编号", max_length=128, required=False, help_text="监管部门凭它核对文书，形如“石行审许〔2026〕0407号”。"
    )
    next_number = forms.BooleanField(label="保存时取下一个文号", required=False)
    title = forms.CharField(label="文书名称", max_length=64, required=False)
    party_contact = forms.CharField(
        label="联系方式", max_length=80, required=False, help_text="监管部门据此联系相对人。不填的，取相对人登记的联系人和电话。"
    )
    no_contact_reason = forms.CharField(
        label="没有联系方式的理由", max_length=200, required=False, help_text="确实没有联系方式时填写，会一并告知监管部门。"
    )
    party_address = forms.CharField(
        label="地址", max_length=200, required=False, help_text="经营或办事场所，监管部门据此确定辖区。不填的，取登记地址。"
    )
    decided_on = _day("许可日期", "决定书上的日期；审批权限和适用规则按这一天判断。", required=True)
    valid_from = _day("有效期起", "不填的，自许可之日起。")
    valid_to = _day("有效期至", "长期有效的不填。")
    content = forms.CharField(
        label="许可内容", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="准予做什么、范围多大；监管部门照此核对。"
    )
    certificate_name = forms.CharField(label="证照名称", max_length=64, required=False)
    certificate_number = forms.CharField(label="证照编号", max_length=64, required=False)
    intake = forms.ChoiceField(label="入库方式", choices=Intake.choices, widget=forms.RadioSelect, initial=Intake.LIVE, required=False)
    new_kind = forms.ChoiceField(label="类别", choices=PartyKind.choices, required=False)
    new_name = forms.CharField(label="名称或姓名", max_length=200, required=False)
    new_uscc = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    new_id_number = forms.CharField(label="身份证件号码", max_length=30, required=False)
    new_contact = forms.CharField(label="联系人", max_length=50, required=False)
    new_phone = forms.CharField(label="联系电话", max_length=30, required=False)
    new_address = forms.CharField(label="登记地址", max_length=200, required=False)
    papers = ManyFilesField(label="文书和材料", required=False, help_text="PDF、OFD、图片或 DOCX，可选多个。涉密文件不得上传。")

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, actor: Actor, decision: Decision | None = None) -> None:
        super().__init__(data, files, initial=_initial(decision))
        handling: Any = self.fields["handling_item"]
        party: Any = self.fields["party"]
        handling.queryset = HandlingItem.objects.filter(item__county_id=actor.county_id).select_related("item")
        party.queryset = Party.objects.filter(county_id=actor.county_id, merged_into=None)
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_helptext"

    def filled(self) -> Filled:
        """What the form brings, for the actions."""
        clean = self.cleaned_data
        values = {name: clean.get(name) for name in SIMPLE}
        values["commitment_mode"] = clean.get("commitment_mode") or CommitmentMode.NONE
        values["handling_item"], values["party"] = clean.get("handling_item"), clean.get("party")
        new = {name: clean.get(f"new_{name}", "") for name in NEW_PARTY}
        return Filled(values=values, new_party=new, next_number=bool(clean.get("next_number")), uploads=clean.get("papers") or [])

    def take(self, refusal: Refused) -> None:
        """Show what an act refused beside the field it is about."""
        name = {"name": "new_name", "uscc": "new_uscc", "id_number": "new_id_number", "file": "papers"}.get(refusal.field, refusal.field)
        self.add_error(name if name in self.fields else None, refusal.message)

    def chosen_item(self) -> HandlingItem | None:
        """The handling item as it stands in the form, also where other fields are wrong."""
        return _chosen(self, "handling_item")

    def chosen_party(self) -> Party | None:
        """The party as it stands in the form."""
        return _chosen(self, "party")


def _chosen(form: DecisionForm, name: str) -> Any:
    value = form[name].value()
    field: Any = form.fields[name]
    try:
        return field.clean(getattr(value, "pk", value)) if value else None
    except forms.ValidationError:
        return None


def _initial(decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return {"decided_on": clock.today(), "title": "准予行政许可决定书", "kind": DecisionKind.GRANT, "intake": Intake.LIVE}
    found = {name: getattr(decision, name) for name in SIMPLE}
    return found | {"handling_item": decision.handling_item_id, "party": decision.party_id}
