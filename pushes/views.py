"""The inbox of pushes, the page of one push, and what people do with it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from foundation.common import clock
from foundation.common.errors import Missing, NotYours, Refused
from foundation.common.pages import MOST_ROWS, page_of
from foundation.common.sheets import workbook_response
from foundation.deadlines import words
from foundation.organizations.pages import PageRequest, in_post
from pushes import actions, inbox, reading, returns
from pushes.forms import AnswerForm, ReturnForm, WithdrawForm
from pushes.models import Push
from pushes.statuses import PushKind, PushState


@in_post
@require_GET
def inbox_page(request: PageRequest) -> HttpResponse:
    """What the organ received, by what has become of it; beside it the first one, or the chosen one, in full."""
    at, key, organ_id = clock.now(), _segment(request), _organ(request)
    wish = inbox.Filters.of(request.GET)
    may_answer = request.actor.may("answer_return", organ_id)
    rows = inbox.segment(key, organ_id=organ_id, at=at).select_related("sender", "receiver")
    page = page_of(request, inbox.filtered(rows, wish, key=key, county_id=request.actor.county_id, at=at))
    lines = inbox.lines(list(page), at=at)
    titles, senders = inbox.choices(organ_id=organ_id, at=at)
    counts = inbox.counts(organ_id=organ_id, at=at, may_answer=may_answer)
    terms = inbox.term_counts(organ_id=organ_id, county_id=request.actor.county_id, at=at)
    context: dict[str, Any] = {
        "segment": key,
        "segments": [(one, inbox.SEGMENTS[one], n, n >= inbox.MOST_COUNTED) for one, n in counts.items()],
        "counts": counts,
        "terms": [(one, name, terms[one]) for one, name in inbox.TERMS.items() if terms[one]],
        "due_today": terms["today"],
        "wish": wish,
        "titles": titles,
        "senders": senders,
        "kinds": PushKind.choices,
        "page": page,
        "lines": lines,
        "may_claim": key == "waiting" and request.actor.may("claim_push", organ_id),
    }
    if lines:
        context |= _full(request, _shown(request, lines))
    return render(request, "pushes/inbox.html", context)


def _shown(request: PageRequest, lines: Sequence[inbox.Line]) -> Push:
    first = lines[0].push
    return reading.visible_push(actor=request.actor, pk=first.pk)


def _segment(request: PageRequest) -> str:
    key = request.GET.get("state", "")
    may_answer = request.actor.may("answer_return", request.actor.organ_id)
    return key if key in inbox.SEGMENTS and (key != "answer" or may_answer) else "waiting"


def _organ(request: PageRequest) -> int:
    """The organ the person acts for, if the person may see its matters."""
    organ_id = request.actor.organ_id
    if organ_id is None or not request.actor.may("view_matter", organ_id):
        raise NotYours("您的职务不办理推送。请从总览查看各单位的办理情况。")
    return organ_id


@in_post
@require_GET
def inbox_export(request: PageRequest) -> HttpResponse | FileResponse:
    """The list as it is filtered now, as XLSX."""
    at, key, organ_id = clock.now(), _segment(request), _organ(request)
    rows = inbox.segment(key, organ_id=organ_id, at=at).select_related("sender", "receiver")
    rows = inbox.filtered(rows, inbox.Filters.of(request.GET), key=key, county_id=request.actor.county_id, at=at)
    lines = inbox.lines(list(rows[:MOST_ROWS]), at=at)
    headings = ["状态", "认领期限", "事项", "行政相对人", "文号", "发送单位", "接收单位", "推送时间", "认领时间", "监管事项"]
    note = f"{request.acting.organ.short_name} {request.acting.user.full_name}"
    return workbook_response(f"推送收件箱-{inbox.SEGMENTS[key]}-{at:%Y%m%d}", headings, (_cells(line) for line in lines), note=note)


def _cells(line: inbox.Line) -> list[str]:
    push: Any = line.push
    claimed = push.effective_claimed_at
    automatic = push.effective_state == PushState.AUTO_CLAIMED
    return [
        str(PushState(push.effective_state).label),
        words.cn_end(line.clock.due_at, year=0) if line.clock else "没有期限",
        push.title,
        push.party_name,
        push.document_number,
        push.sender.short_name,
        push.receiver.short_name,
        words.cn_moment(push.pushed_at, year=0),
        words.cn_moment(claimed, year=0, ends=automatic) if claimed else "",
        push.matter,
    ]


@in_post
@require_GET
def push_page(request: PageRequest, pk: int) -> HttpResponse:
    """One push in full: what was told, until when to act, what has happened. Its receiver's first look is remembered."""
    push = reading.visible_push(actor=request.actor, pk=pk)
    if push.first_read_at is None:
        actions.mark_read(actor=request.actor, push_id=pk)
    template = "pushes/preview.html" if request.htmx and request.htmx.target == "preview" else "pushes/page.html"
    return render(request, template, _full(request, push))


def _full(request: PageRequest, push: Push, **forms: Form) -> dict[str, Any]:
    context = reading.page(actor=request.actor, push=push)
    ends = {"county_id": push.county_id, "receiver_id": push.receiver_id}
    if context["may_claim"]:
        context["return_form"] = ReturnForm(**ends)
    if context["may_answer"] or context["may_rule"]:
        context["answer_form"] = AnswerForm(**ends)
    if context["may_withdraw"]:
        context["withdraw_form"] = WithdrawForm()
    return context | forms


@in_post
@require_POST
def claim_pushes(request: PageRequest) -> HttpResponse:
    """Claim one push (`only`) or the selected ones (`push`)."""
    wanted = [request.POST["only"]] if request.POST.get("only") else request.POST.getlist("push")
    ids = [int(one) for one in wanted if one.isascii() and one.isdecimal() and len(one) < 19]
    if not ids:
        raise Refused("没有选中任何推送，请先勾选要认领的推送。", code="nothing_chosen")
    result = actions.claim(actor=request.actor, push_ids=ids)
    if result.claimed:
        messages.success(request, f"已认领 {len(result.claimed)} 件，监管责任由{request.acting.organ.short_name}承担。")
    for push, why in result.skipped:
        messages.warning(request, f"{push.title}，{push.document_number or push.party_name}：{why}")
    return redirect(_next(request, reverse("inbox")))


def _next(request: PageRequest, otherwise: str) -> str:
    wanted = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and not urlsplit(wanted).netloc
    return wanted if wanted and inside else otherwise


@in_post
def push_return(request: PageRequest, pk: int) -> HttpResponse:
    """Give a push back: the form as a page of its own, or sent from the dialog."""
    push = reading.visible_push(actor=request.actor, pk=pk)
    ends = {"county_id": push.county_id, "receiver_id": push.receiver_id}
    form = ReturnForm(request.POST or None, **ends)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        suggested = told["suggested"].pk if told["suggested"] else None
        try:
            row = returns.give_back(
                actor=request.actor, push_id=pk, reason=told["reason"], explanation=told["explanation"], suggested_id=suggested
            )
        except Refused as refusal:
            _explain(form, refusal, {"suggested_id": "suggested"})
        else:
            words_ = "已退回，等发送单位答复" if row.number == 1 else "已第二次退回，转职责裁定"
            messages.success(request, f"{words_}。答复之前，认领期限届满不产生后果。")
            return redirect("push_page", pk)
    context = _full(request, push, return_form=form)
    if not context["may_claim"]:
        raise Refused("这件推送现在不能退回：只有还没有认领的推送，由收到它的单位退回。")
    return render(request, "pushes/return.html", context, status=422 if form.errors else 200)


def _explain(form: Form, refusal: Refused, fields: dict[str, str]) -> None:
    """Put a refusal beside the field it speaks of; one about the person or a missing thing is answered as a page."""
    if isinstance(refusal, NotYours | Missing):
        raise refusal
    name = fields.get(refusal.field, refusal.field)
    form.add_error(name if name in form.fields else None, refusal.message)


@in_post
@require_POST
def push_answer(request: PageRequest, pk: int) -> HttpResponse:
    """Answer a return: maintain or reassign. On a push that was returned twice this is the duty ruling."""
    push = reading.visible_push(actor=request.actor, pk=pk)
    form = AnswerForm(request.POST, county_id=push.county_id, receiver_id=push.receiver_id)
    if form.is_valid():
        told = form.cleaned_data
        act = returns.rule_on if push.state == PushState.PARKED else returns.answer_return
        receiver = told["receiver"].pk if told["receiver"] and told["answer"] == "reassigned" else None
        try:
            stands = act(actor=request.actor, push_id=pk, answer=told["answer"], reason=told["reason"], receiver_id=receiver)
        except Refused as refusal:
            _explain(form, refusal, {"receiver_id": "receiver"})
        else:
            said = f"已改派给{stands.receiver.short_name}，新期限另起。" if receiver else "已维持原推送，原期限照走。"
            messages.success(request, said)
            return redirect("push_page", stands.pk)
    return render(request, "pushes/page.html", _full(request, push, answer_form=form), status=422)


@in_post
@require_POST
def push_withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take a push back, with a reason that the receiver reads."""
    push = reading.visible_push(actor=request.actor, pk=pk)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw(actor=request.actor, push_id=pk, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            _explain(form, refusal, {})
        else:
            messages.success(request, f"已撤回，认领期限已取消，并已告知{push.receiver.short_name}。")
            return redirect("push_page", pk)
    return render(request, "pushes/page.html", _full(request, push, withdraw_form=form), status=422)
