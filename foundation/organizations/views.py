"""Signing in, choosing the organ one acts for, accounts, posts, and the liaison register."""

from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from foundation.common import clock
from foundation.common.errors import Missing, NotYours, Refused
from foundation.common.pages import page_of
from foundation.organizations import actions
from foundation.organizations.acting import SESSION_KEY, memberships_on
from foundation.organizations.forms import AccountForm, LeaveForm, LiaisonForm, PostForm
from foundation.organizations.models import County, Liaison, Membership, Organ, User
from foundation.organizations.pages import PageRequest, in_post
from foundation.organizations.queries import accounts_of, demo_posts
from foundation.organizations.statuses import OrganKind

CORRIDOR = (OrganKind.APPROVAL_BUREAU, OrganKind.DEPARTMENT, OrganKind.AUTHORISED, OrganKind.PARK_COMMITTEE)
"""Kinds of organs that send and receive pushes, and so must have somebody who speaks for them."""
PASSWORD_DAYS = 90
"""A password older than this is asked to be changed at the next log-in (GB/T 22239 asks for regular change and names no number)."""


class SignIn(LoginView):
    """The log-in page; on the embedded demo it lists the demo accounts, each one click from its name being filled in."""

    template_name = "organizations/login.html"
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, Any]:
        """The account that was picked from the list, if any."""
        return super().get_initial() | {"username": self.request.GET.get("u", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the counties, how many tries are left, and the demo accounts where the demo database is."""
        posts: list[Membership] = []
        if settings.EMBEDDED:
            posts = list(demo_posts(on=clock.today()))
        counties = list(County.objects.values_list("name", flat=True))
        extra = {
            "demo_posts": posts,
            "counties": counties,
            "tries": self._tries_left(),
            "lock_minutes": round(settings.AXES_COOLOFF_TIME * 60),
        }
        return super().get_context_data(**kwargs) | extra

    def get_success_url(self) -> str:
        """The wanted page; first the change of a password that is old or was set by somebody else."""
        user = self.request.user
        if isinstance(user, User) and not user.is_demo and _password_is_old(user):
            messages.warning(self.request, "您的密码是他人代设或已超过 90 天，请先更改。")
            return str(reverse_lazy("password"))
        return super().get_success_url()

    def _tries_left(self) -> int:
        name = self.request.POST.get("username", "")
        if not name:
            return settings.AXES_FAILURE_LIMIT
        failures = AxesProxyHandler.get_failures(self.request, {"username": name})
        return max(settings.AXES_FAILURE_LIMIT - failures, 0)


def _password_is_old(user: User) -> bool:
    return user.password_changed_at is None or clock.now() - user.password_changed_at > timedelta(days=PASSWORD_DAYS)


class ChangePassword(PasswordChangeView):
    """A person's own password."""

    template_name = "organizations/password.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the person signed in here and nowhere else."""
        user = User.objects.get(username=self.request.user.get_username())
        actions.change_password(actor=getattr(self.request, "actor", None), user=user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        messages.success(self.request, "密码已更改。")
        return redirect(self.get_success_url())


@login_required
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
    posts = list(memberships_on(user=request.user, day=clock.today()))
    others = list({post.organ_id: post.organ for post in posts if post.organ_id != request.acting.organ.pk}.values())
    return render(request, "organizations/account.html", {"posts": posts, "other_organs": others})


@in_post
def liaison_register(request: PageRequest) -> HttpResponse:
    """Who speaks for each organ of the county: open to everybody in it, changed by those who manage it."""
    on = clock.today()
    organs = Organ.objects.filter(county=request.acting.county, closed_on=None, kind__in=CORRIDOR).prefetch_related("sections")
    entries = (
        Liaison.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), organ__in=organs)
        .select_related("user", "section")
        .order_by("kind", "order", "id")
    )
    by_organ: dict[int, list[Liaison]] = {}
    for entry in entries:
        by_organ.setdefault(entry.organ_id, []).append(entry)
    rows = [(organ, by_organ.get(organ.pk, []), request.actor.may("manage_liaison", organ.pk)) for organ in organs]
    return render(request, "organizations/liaison_register.html", {"rows": rows, "on": on, "may_any": any(may for _, _, may in rows)})


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
            form.add_error(_field(form, refusal), refusal.message)
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
    """Accounts and posts of the county's organs: the system administrator opens accounts, the security administrator gives posts."""
    organs = _kept_organs(request)
    if not organs:
        raise NotYours
    rows = Membership.objects.filter(organ_id__in=organs).select_related("user", "organ", "section")
    if asked := request.GET.get("q", "").strip():
        rows = rows.filter(Q(user__full_name__icontains=asked) | Q(user__username__icontains=asked) | Q(organ__name__icontains=asked))
    page = page_of(request, rows.order_by("organ__sort_key", "organ_id", "role", "id"))
    context = {
        "page": page,
        "asked": asked,
        "today": clock.today(),
        "may_account": bool(request.actor.organs("manage_accounts")),
        "may_post": bool(request.actor.organs("manage_security")),
        "unposted": accounts_of(county_id=request.actor.county_id).filter(memberships=None),
    }
    return render(request, "organizations/people.html", context)


@in_post
def account_new(request: PageRequest) -> HttpResponse:
    """Open an account."""
    if not request.actor.organs("manage_accounts"):
        raise NotYours
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.create_user(actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(_field(form, refusal), refusal.message)
        else:
            messages.success(request, f"已为{user.full_name}开立账号。由安全管理员授予角色后方可办理业务。")
            return redirect("people")
    return render(request, "organizations/person_form.html", {"form": form, "heading": "开立账号", "act": "开立账号"})


@in_post
def post_new(request: PageRequest) -> HttpResponse:
    """Give a person a post."""
    if not request.actor.organs("manage_security"):
        raise NotYours
    form = PostForm(request.POST or None, county_id=request.actor.county_id, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.appoint(actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(_field(form, refusal), refusal.message)
        else:
            messages.success(request, f"{post.user.full_name}自 {post.valid_from} 起任{post.organ.short_name}{post.get_role_display()}。")
            return redirect("people")
    return render(request, "organizations/person_form.html", {"form": form, "heading": "授予角色", "act": "授予角色"})


@in_post
@require_POST
def account_disable(request: PageRequest, user_id: int) -> HttpResponse:
    """Shut an account whose posts have all ended."""
    user = accounts_of(county_id=request.actor.county_id).filter(pk=user_id).first()
    if user is None:
        raise Missing
    actions.disable_user(actor=request.actor, user=user)
    messages.success(request, f"{user.full_name}的账号已停用。")
    return redirect("people")


def _kept_organs(request: PageRequest) -> list[int]:
    return sorted({*request.actor.organs("manage_accounts"), *request.actor.organs("manage_security")})


def _field(form: Form, refusal: Refused) -> str | None:
    return refusal.field if refusal.field in form.fields else None


@in_post
def leave(request: PageRequest, membership_id: int) -> HttpResponse:
    """End a post: what the leaver has in hand is listed and goes to a successor."""
    membership = Membership.objects.select_related("user", "organ").filter(pk=membership_id, organ_id__in=_kept_organs(request)).first()
    if membership is None:
        raise Missing
    form = LeaveForm(request.POST or None, organ=membership.organ, leaver=membership.user, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.end_membership(actor=request.actor, membership=membership, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(_field(form, refusal), refusal.message)
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
