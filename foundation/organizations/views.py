"""Signing in, choosing the organ one acts for, accounts, posts, and the liaison register."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from foundation.common import clock
from foundation.common.errors import Missing, Refused
from foundation.organizations import actions
from foundation.organizations.acting import SESSION_KEY, memberships_on
from foundation.organizations.forms import LeaveForm, LiaisonForm, PersonForm
from foundation.organizations.models import Liaison, Membership, Organ, User
from foundation.organizations.pages import PageRequest, in_post


class SignIn(LoginView):
    """The log-in page; on the embedded demo it lists the demo accounts."""

    template_name = "organizations/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demo accounts, only where the demo database is."""
        demo = User.objects.filter(is_demo=True).order_by("id")[:12] if settings.EMBEDDED else []
        return super().get_context_data(**kwargs) | {"demo": demo}


class ChangePassword(PasswordChangeView):
    """A person's own password."""

    template_name = "organizations/password.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: Any) -> HttpResponse:
        """Remember when it was changed."""
        answer = super().form_valid(form)
        form.user.password_changed_at = clock.now()
        form.user.save(update_fields=["password_changed_at"])
        messages.success(self.request, "密码已更改。")
        return answer


@require_POST
def choose_organ(request: HttpRequest) -> HttpResponse:
    """Act for another organ in which the person has a post today."""
    user = request.user
    wanted = request.POST.get("organ", "")
    held = {str(post.organ_id) for post in memberships_on(user=user, day=clock.today())} if isinstance(user, User) else set()
    if wanted not in held:
        raise Refused("您今天在这个单位没有在任的职务。")
    request.session[SESSION_KEY] = int(wanted)
    return redirect("workbench")


@in_post
def account(request: PageRequest) -> HttpResponse:
    """The person's own posts and account."""
    posts = memberships_on(user=request.user, day=clock.today())
    return render(request, "organizations/account.html", {"posts": posts})


@in_post
def liaison_register(request: PageRequest) -> HttpResponse:
    """Who speaks for each organ of the county: open to everybody in it, changed by those who manage it."""
    on = clock.today()
    organs = Organ.objects.filter(county=request.acting.county, closed_on=None).prefetch_related("sections")
    entries = (
        Liaison.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), organ__in=organs)
        .select_related("user", "section")
        .order_by("kind", "order", "id")
    )
    by_organ: dict[int, list[Liaison]] = {}
    for entry in entries:
        by_organ.setdefault(entry.organ_id, []).append(entry)
    rows = [(organ, by_organ.get(organ.pk, []), request.actor.may("manage_liaison", organ.pk)) for organ in organs]
    return render(request, "organizations/liaison_register.html", {"rows": rows, "on": on})


@in_post
def liaison_edit(request: PageRequest, organ_id: int) -> HttpResponse:
    """Enter somebody in an organ's register."""
    organ = _organ(request, organ_id)
    request.actor.require("manage_liaison", organ.pk)
    form = LiaisonForm(request.POST or None, organ=organ, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.register_liaison(actor=request.actor, organ=organ, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, f"已登记，{organ.short_name}的推送从任职之日起通知此人。")
            return redirect("liaison_register")
    return render(request, "organizations/liaison_form.html", {"form": form, "organ": organ})


@in_post
@require_POST
def liaison_end(request: PageRequest, entry_id: int) -> HttpResponse:
    """Take somebody off the register as of today."""
    entry = Liaison.objects.select_related("user").filter(pk=entry_id, organ__county=request.acting.county).first()
    if entry is None:
        raise Missing
    actions.end_liaison(actor=request.actor, entry=entry, last_day=clock.today())
    messages.success(request, f"{entry.user.full_name}从明天起不再担任。")
    return redirect("liaison_register")


@in_post
def people(request: PageRequest) -> HttpResponse:
    """Accounts and posts of the county's organs, for the system administrator."""
    organs = request.actor.organs("manage_accounts")
    request.actor.require("manage_accounts", organs[0] if organs else None)
    posts = Membership.objects.filter(organ_id__in=organs).select_related("user", "organ", "section").order_by("organ_id", "role", "id")
    form = PersonForm(request.POST or None, county_id=request.actor.county_id, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid() and _create_person(request, form):
        return redirect("people")
    return render(request, "organizations/people.html", {"posts": posts, "form": form, "today": clock.today()})


def _create_person(request: PageRequest, form: PersonForm) -> bool:
    data = form.cleaned_data
    request.actor.require("manage_accounts", data["organ"].pk)
    try:
        user = actions.create_user(
            actor=request.actor,
            username=data["username"],
            full_name=data["full_name"],
            password=data["password"],
            office_phone=data["office_phone"],
        )
        actions.appoint(actor=request.actor, user=user, organ=data["organ"], role=data["role"], valid_from=data["valid_from"])
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return False
    messages.success(request, f"已为{user.full_name}开立账号。")
    return True


@in_post
def leave(request: PageRequest, membership_id: int) -> HttpResponse:
    """End a post: what the leaver has in hand is listed and goes to a successor."""
    membership = (
        Membership.objects.select_related("user", "organ")
        .filter(pk=membership_id, organ_id__in=request.actor.organs("manage_accounts"))
        .first()
    )
    if membership is None:
        raise Missing
    form = LeaveForm(request.POST or None, organ=membership.organ, leaver=membership.user, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.end_membership(actor=request.actor, membership=membership, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, f"已办理离任，移交 {moved} 件。")
            return redirect("people")
    work = actions.open_work(user_id=membership.user_id, organ_id=membership.organ_id)
    return render(request, "organizations/leave.html", {"form": form, "membership": membership, "work": work})


def _organ(request: PageRequest, organ_id: int) -> Organ:
    organ = Organ.objects.filter(pk=organ_id, county=request.acting.county, closed_on=None).first()
    if organ is None:
        raise Missing
    return organ
