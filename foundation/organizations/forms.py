"""Forms of accounts, posts and the liaison register."""

from django import forms

from foundation.organizations.models import Organ, Section, User
from foundation.organizations.queries import accounts_of
from foundation.organizations.statuses import LiaisonKind, Role


class DateInput(forms.DateInput):
    """The browser's own date picker, which reads no other form than 2026-10-12."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LiaisonForm(forms.Form):
    """Enter somebody in the register."""

    user = forms.ModelChoiceField(label="人员", queryset=User.objects.none())
    kind = forms.ChoiceField(label="类别", choices=LiaisonKind.choices)
    section = forms.ModelChoiceField(label="股室", queryset=Section.objects.none(), required=False, help_text="只有审批局按股室登记")
    order = forms.IntegerField(label="顺位", min_value=0, max_value=9, initial=0, help_text="0 为 A 岗，1 为 B 岗")
    valid_from = forms.DateField(label="自", widget=DateInput)

    def __init__(self, *args: object, organ: Organ, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["user"].queryset = User.objects.filter(memberships__organ=organ, is_active=True).distinct()  # type: ignore[attr-defined]
        self.fields["section"].queryset = organ.sections.all()  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """Open an account; what the person may do comes from a post, which the security administrator gives."""

    username = forms.CharField(label="用户名", max_length=60)
    full_name = forms.CharField(label="姓名", max_length=40)
    office_phone = forms.CharField(label="办公电话", max_length=30, required=False)
    password = forms.CharField(label="初始密码", widget=forms.PasswordInput, min_length=10, help_text="首次登录时由本人更改")


class PostForm(forms.Form):
    """Give a person a post."""

    user = forms.ModelChoiceField(label="人员", queryset=User.objects.none())
    organ = forms.ModelChoiceField(label="机关", queryset=Organ.objects.none())
    role = forms.ChoiceField(label="角色", choices=Role.choices)
    post = forms.CharField(label="职务", max_length=40, required=False)
    valid_from = forms.DateField(label="自", widget=DateInput)
    valid_to = forms.DateField(label="至", widget=DateInput, required=False)

    def __init__(self, *args: object, county_id: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["user"].queryset = accounts_of(county_id=county_id)  # type: ignore[attr-defined]
        self.fields["organ"].queryset = Organ.objects.filter(county_id=county_id, closed_on=None)  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """End a post, with a successor for what is open."""

    last_day = forms.DateField(label="最后在任日", widget=DateInput)
    successor = forms.ModelChoiceField(label="接手的人", queryset=User.objects.none(), required=False)

    def __init__(self, *args: object, organ: Organ, leaver: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        colleagues = User.objects.filter(memberships__organ=organ, is_active=True).exclude(pk=leaver.pk).distinct()
        self.fields["successor"].queryset = colleagues  # type: ignore[attr-defined]
