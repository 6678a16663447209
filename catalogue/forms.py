"""Forms of the catalogue's pages. They only read what was typed; the actions judge it."""

from typing import Any

from django import forms

from catalogue.models import Item, SupervisionItem, TransferBatch
from catalogue.statuses import CommitmentMode, ItemKind, ItemStatus, PublicField, ServiceTag, SupervisionMode, Verb
from foundation.organizations.models import Organ, User


class DayInput(forms.DateInput):
    """A date field of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A date with its label."""
    return forms.DateField(label=label, required=required, widget=DayInput(), help_text=help_text)


class NamedForm(forms.Form):
    """A form whose fields keep their ids apart from those of other forms on the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s", **kwargs})


class CountyForm(NamedForm):
    """A form whose organs are those of one county."""

    organ_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, county_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.county_id = county_id
        for name in self.organ_fields:
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = "请选择"
                field.queryset = Organ.objects.filter(county_id=county_id, closed_on=None)


class MapForm(CountyForm):
    """Many handling items, one supervising organ, one supervision item, from one day."""

    organ_fields = ("organ",)
    organ = forms.ModelChoiceField(label="监管部门", queryset=Organ.objects.none())
    matter = forms.ModelChoiceField(
        label="已有的监管事项",
        queryset=SupervisionItem.objects.none(),
        required=False,
        help_text="从该部门已有的监管事项中选；没有的，在下面填写",
    )
    new_matter = forms.CharField(label="或新的监管事项", required=False, max_length=200)
    mode = forms.ChoiceField(label="新事项的监管方式", choices=SupervisionMode.choices, required=False)
    liaison = forms.ModelChoiceField(
        label="指定联络员", queryset=User.objects.none(), required=False, help_text="不指定的，由该部门在任联络员认领"
    )
    valid_from = day_field("自", help_text="从这一天作出的决定起推送给该部门")
    replace = forms.ChoiceField(
        label="原有的监管部门", choices=(("", "保留，另增加这一个"), ("yes", "自这一天起由这一个替换")), required=False
    )
    document = forms.CharField(label="依据", max_length=120, required=False, help_text="职责分工文件或会议纪要的名称、文号")

    def __init__(self, *args: Any, county_id: int, **kwargs: Any) -> None:
        super().__init__(*args, county_id=county_id, **kwargs)
        matter, liaison = self.fields["matter"], self.fields["liaison"]
        if isinstance(matter, forms.ModelChoiceField) and isinstance(liaison, forms.ModelChoiceField):
            matter.queryset = SupervisionItem.objects.filter(county_id=county_id).select_related("organ")
            matter.label_from_instance = lambda row: f"{row.organ.short_name}：{row.name}"  # type: ignore[method-assign,assignment]
            liaison.queryset = User.objects.filter(liaison_entries__organ__county_id=county_id, liaison_entries__valid_to=None).distinct()

    def clean(self) -> dict[str, Any]:
        """A supervision item is chosen or written, and it is the chosen organ's."""
        data = super().clean() or {}
        matter, organ = data.get("matter"), data.get("organ")
        if matter is None and not data.get("new_matter"):
            self.add_error("matter", "请选择监管事项，或在下面填写新的监管事项。")
        if matter is not None and organ is not None and matter.organ_id != organ.pk:
            self.add_error("matter", f"这是{matter.organ.short_name}的监管事项，与所选监管部门不同。")
        return data


class ItemForm(CountyForm):
    """A new item, with its first handling item."""

    organ_fields = ("bureau", "competent")
    name = forms.CharField(label="审批事项", max_length=200)
    handling_item = forms.CharField(label="业务办理项", max_length=200, help_text="至少一个；更多的可在事项页面增加")
    kind = forms.ChoiceField(label="种类", choices=ItemKind.choices)
    status = forms.ChoiceField(label="状态", choices=ItemStatus.choices)
    bureau = forms.ModelChoiceField(label="审批单位", queryset=Organ.objects.none())
    competent = forms.ModelChoiceField(label="主管部门", queryset=Organ.objects.none(), required=False)
    base_code = forms.CharField(label="基本编码", max_length=40, required=False)
    implementation_code = forms.CharField(label="实施编码", max_length=60, required=False)
    statutory_limit_days = forms.IntegerField(label="法定时限（工作日）", min_value=1, max_value=366, initial=20)
    promised_limit_days = forms.IntegerField(label="承诺时限（工作日）", min_value=1, max_value=366, initial=5)
    valid_from = day_field("自")
    transfer_date = day_field("划转日期", required=False)
    document = forms.CharField(label="依据", max_length=120, required=False)


class AlterForm(NamedForm):
    """Facts of an item that may be altered; every alteration needs its reason."""

    implementation_code = forms.CharField(label="实施编码", max_length=60, required=False)
    base_code = forms.CharField(label="基本编码", max_length=40, required=False)
    statutory_limit_days = forms.IntegerField(label="法定时限（工作日）", min_value=1, max_value=366)
    promised_limit_days = forms.IntegerField(label="承诺时限（工作日）", min_value=1, max_value=366)
    key_field = forms.BooleanField(label="重点监管领域", required=False)
    in_hall = forms.BooleanField(label="进驻政务大厅", required=False)
    secret = forms.BooleanField(label="涉密（此类办件不进入本系统）", required=False)
    service_tags = forms.MultipleChoiceField(
        label="服务方式", choices=ServiceTag.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label="依据或理由", max_length=500)

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "reason"]
        super().__init__(*args, initial={name: getattr(item, name) for name in names} | item.public, **kwargs)
        for value, label in PublicField.choices:
            self.fields[value] = forms.CharField(
                label=label, required=False, max_length=4000, initial=item.public.get(value, ""), widget=forms.Textarea(attrs={"rows": 2})
            )
        self.order_fields([*names, *PublicField.values, "reason"])

    def changes(self) -> dict[str, Any]:
        """The item's columns as typed; the public fields together."""
        data = dict(self.cleaned_data)
        data.pop("reason")
        public = {name: text for name in PublicField.values if (text := data.pop(name))}
        return {**data, "public": public}


class HandlingForm(NamedForm):
    """A new handling item."""

    name = forms.CharField(label="业务办理项", max_length=200)
    code = forms.CharField(label="办理项编码", max_length=60, required=False)
    commitment_mode = forms.ChoiceField(label="告知承诺", choices=CommitmentMode.choices)
    valid_from = day_field("自")


class PowerForm(CountyForm):
    """A dated power for an organ."""

    organ_fields = ("organ",)
    organ = forms.ModelChoiceField(label="单位", queryset=Organ.objects.none())
    verb = forms.ChoiceField(label="权力", choices=Verb.choices)
    area = forms.CharField(label="辖区", max_length=40, required=False, help_text="留空为全县区；填写的，该辖区内只有这个单位行使")
    valid_from = day_field("自")
    valid_to = day_field("至", required=False)
    document = forms.CharField(label="依据", max_length=120)


class TransferForm(CountyForm):
    """An item changes hands."""

    organ_fields = ("to_organ",)
    to_organ = forms.ModelChoiceField(label="划转到", queryset=Organ.objects.none())
    on = day_field("划转日期", help_text="从这一天起由新单位审批，原单位的审批权到前一天为止")
    kind = forms.ChoiceField(label="情形", choices=(("transfer", "划转审批职责"), ("convert", "转为备案或其他权力，由主管部门办理")))
    document = forms.CharField(label="依据", max_length=120)


class EndForm(NamedForm):
    """An end with its last day and its reason."""

    last_day = day_field("最后有效日")
    reason = forms.CharField(label="依据或理由", max_length=500)


class ImportForm(CountyForm):
    """A catalogue sheet, and the transfer batch it belongs to."""

    organ_fields = ("bureau",)
    sheet = forms.FileField(label="目录表格（xlsx）", widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}))
    bureau = forms.ModelChoiceField(label="审批单位", queryset=Organ.objects.none())
    valid_from = day_field("自", help_text="表格中没有填写“自”的行，从这一天起有效")
    batch_number = forms.IntegerField(label="划转批次", required=False, min_value=1, max_value=999, help_text="不属于划转批次的，留空")
    batch_document = forms.CharField(label="划转文件", required=False, max_length=120)
    printed_items = forms.IntegerField(label="文件所载事项数", required=False, min_value=1, max_value=9999)
    printed_handling_items = forms.IntegerField(label="文件所载办理项数", required=False, min_value=1, max_value=99999)

    def clean(self) -> dict[str, Any]:
        """A batch names its document."""
        data = super().clean() or {}
        if data.get("batch_number") and not data.get("batch_document"):
            known = TransferBatch.objects.filter(county_id=self.county_id, number=data["batch_number"]).first()
            if known is None:
                self.add_error("batch_document", "新的划转批次要写明划转文件。")
            else:
                data |= {"batch_document": known.document}
        return data
