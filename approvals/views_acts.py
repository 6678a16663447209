"""What people press on the pages of a decision, and the pickers of its form."""

from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals import actions, corrections, drafting, owing, routing
from approvals.forms import DecisionForm
from approvals.models import field_words
from approvals.snapshot import item_name, snapshot_of
from approvals.statuses import DecisionState
from approvals.views import seen
from catalogue.days import valid_on
from catalogue.models import HandlingItem
from foundation.common import clock
from foundation.common.errors import NotYours, Refused
from foundation.deadlines.queries import clocks_by_subject
from foundation.organizations.models import Organ
from foundation.organizations.pages import PageRequest, in_post
from parties import queries as parties
from pushes.snapshots import FIELD_WORDS, missing_fields

FOUND = 12
"""Hits a picker shows."""


@in_post
@require_POST
def decision_submit(request: PageRequest, pk: int) -> HttpResponse:
    """Hand a draft to the person who issues."""
    actions.submit(actor=request.actor, decision_id=pk)
    messages.success(request, "已提交，等另一位有签发权的同事签发。")
    return redirect("decision_page", pk=pk)


@in_post
@require_POST
def decision_send_back(request: PageRequest, pk: int) -> HttpResponse:
    """Give a submitted draft back."""
    actions.send_back(actor=request.actor, decision_id=pk, reason=request.POST.get("reason", ""))
    messages.success(request, "已退回起草，理由已留痕。")
    return redirect("decision_page", pk=pk)


@in_post
@require_POST
def decision_issue(request: PageRequest, pk: int) -> HttpResponse:
    """Issue and push."""
    decision = actions.issue(actor=request.actor, decision_id=pk)
    messages.success(request, f"{decision.document_number} 已签发，并已推送给各监管部门。")
    return redirect("decision_page", pk=pk)


@in_post
@require_POST
def decision_papers(request: PageRequest, pk: int) -> HttpResponse:
    """Attach papers."""
    count = drafting.add_papers(actor=request.actor, decision_id=pk, uploads=request.FILES.getlist("papers"))
    messages.success(request, f"已附上 {count} 份文书。")
    return redirect("decision_page", pk=pk)


@in_post
@require_POST
def decision_remind(request: PageRequest, pk: int, clock_id: int) -> HttpResponse:
    """Remind the organ that owes."""
    row = owing.remind(actor=request.actor, decision_id=pk, clock_id=clock_id)
    messages.success(request, f"已提醒{row.organ.short_name}：{row.term.name}。")
    return redirect("decision_page", pk=pk)


@in_post
@require_http_methods(["GET", "POST"])
def decision_route(request: PageRequest, pk: int) -> HttpResponse:
    """Say where a decision of the pen goes, and complete what it lacks."""
    decision = seen(request, pk)
    request.actor.require("answer_return", decision.organ_id)
    if decision.state != DecisionState.UNROUTED:
        raise Refused("这一件已经分派，不需要再办。")
    refusal = None
    form = DecisionForm(request.POST or None, actor=request.actor, decision=decision)
    chosen = [int(one) for one in request.POST.getlist("organ_ids") if one.isdecimal()]
    if request.method == "POST":
        try:
            routing.route_row(
                actor=request.actor,
                decision_id=pk,
                handling_item=form.chosen_item(),
                organ_ids=chosen,
                **{name: request.POST.get(name, "") for name in ("party_contact", "party_address", "no_contact_reason", "content")},
            )
        except NotYours:
            raise
        except Refused as found:
            refusal = found
        else:
            messages.success(request, f"{decision.document_number} 已分派并推送。")
            return redirect("decision_page", pk=pk)
    context = {
        "decision": decision,
        "form": form,
        "item": form.chosen_item(),
        "refusal": refusal,
        "chosen": chosen,
        "thing": item_name(decision),
        "clock": clocks_by_subject(type(decision), [decision.pk]).get(decision.pk),
        "lacking": [(key, FIELD_WORDS[key]) for key in missing_fields(snapshot=snapshot_of(decision), rulebook=decision.rulebook)],
        "organs": Organ.objects.filter(county_id=decision.county_id, closed_on=None, supervision_items__isnull=False).distinct(),
    }
    return render(request, "approvals/route.html", context)


@in_post
@require_http_methods(["GET", "POST"])
def decision_correct(request: PageRequest, pk: int) -> HttpResponse:
    """Propose 更正 or 作废."""
    decision = seen(request, pk)
    request.actor.require("record_decision", decision.organ_id)
    refusal = None
    if request.method == "POST":
        try:
            corrections.propose(
                actor=request.actor,
                decision_id=pk,
                kind=request.POST.get("kind", ""),
                reason=request.POST.get("reason", ""),
                values={name: request.POST[name] for name in corrections.AMENDABLE if name in request.POST},
                substance=request.POST.get("substance") == "1",
            )
        except NotYours:
            raise
        except Refused as found:
            refusal = found
        else:
            messages.success(request, "已提出，等另一位有签发权的同事复核。复核之前内容不变。")
            return redirect("decision_page", pk=pk)
    fields = [(name, field_words(name), request.POST.get(name, getattr(decision, name))) for name in corrections.AMENDABLE]
    context = {"decision": decision, "fields": fields, "refusal": refusal, "posted": request.POST, "thing": item_name(decision)}
    return render(request, "approvals/correct.html", context)


@in_post
@require_POST
def correction_decide(request: PageRequest, pk: int) -> HttpResponse:
    """Approve or reject a proposed correction."""
    approve = request.POST.get("approve") == "1"
    row = corrections.decide(actor=request.actor, correction_id=pk, approve=approve, answer=request.POST.get("answer", ""))
    messages.success(request, f"{row.get_kind_display()}已办理，各监管部门已收到通知。" if approve else "已记录不同意的意见。")
    return redirect("decision_page", pk=row.decision_id)


@in_post
@require_safe
def handling_pick(request: PageRequest) -> HttpResponse:
    """Handling items that fit what is typed, as choices of the form."""
    words = request.GET.get("find_item", "").strip()
    rows = HandlingItem.objects.filter(valid_on(clock.today()), item__county_id=request.acting.county.pk, item__secret=False)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(item__name__icontains=word) | Q(code__startswith=word))
    rows = rows.select_related("item").order_by("item__name", "name")
    return render(request, "approvals/parts/pick_item.html", {"rows": rows[:FOUND] if words else [], "words": words})


@in_post
@require_safe
def party_pick(request: PageRequest) -> HttpResponse:
    """Parties that fit what is typed, by name or code, as choices of the form."""
    request.actor.require("record_decision", request.acting.organ.pk)
    words = request.GET.get("find_party", "").strip()
    rows = parties.search(actor=request.actor, words=words)[:FOUND] if words else []
    return render(request, "approvals/parts/pick_party.html", {"rows": rows, "words": words})


@in_post
@require_safe
def target_preview(request: PageRequest) -> HttpResponse:
    """Where the decision in the form would be pushed, and by when it must be claimed."""
    item_id, day = request.GET.get("handling_item", ""), request.GET.get("decided_on", "")
    rows = HandlingItem.objects.filter(item__county_id=request.acting.county.pk).select_related("item")
    item = rows.filter(pk=int(item_id)).first() if item_id.isdecimal() and len(item_id) < 19 else None
    try:
        decided_on = date.fromisoformat(day)
    except ValueError:
        decided_on = clock.today()
    targets = []
    if item:
        targets = drafting.targets(
            county_id=request.acting.county.pk,
            organ_id=request.acting.organ.pk,
            handling_item=item,
            decided_on=decided_on,
            commitment_mode=request.GET.get("commitment_mode") or "none",
        )
    return render(request, "approvals/parts/targets.html", {"item": item, "targets": targets})
