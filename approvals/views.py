"""Pages of decisions: the list, one decision's life, the form, the routing pen."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from approvals import drafting, listing, owing
from approvals.checks import findings_of
from approvals.forms import DecisionForm
from approvals.life import life_of
from approvals.models import Correction, Decision
from approvals.queries import routing_pen, visible_for
from approvals.snapshot import item_name, validity
from approvals.statuses import CorrectionState, DecisionState, DeliveryMeans, DutyKind
from foundation.common import clock
from foundation.common.errors import Missing, NotYours, Refused
from foundation.common.hooks import files_of
from foundation.common.pages import page_of
from foundation.common.sheets import workbook_response
from foundation.deadlines.queries import clocks_by_subject
from foundation.organizations.pages import PageRequest, in_post

BEFORE_ISSUE = (DecisionState.DRAFT, DecisionState.SUBMITTED)


@in_post
@require_safe
def decision_list(request: PageRequest) -> HttpResponse:
    """Decisions of my organs and those pushed to them: segments, filter, 50 a page."""
    wanted = listing.Wanted.read(request.GET.dict())
    page = page_of(request, listing.chosen(actor=request.actor, wanted=wanted))
    counts = listing.open_counts(request.actor)
    context = {
        "wanted": wanted,
        "page": page,
        "lines": listing.lines(page.object_list, at=clock.now()),
        "segments": [("", "全部", None)] + [(str(one), str(one.label), counts.get(one, 0)) for one in listing.SEGMENTS],
        "open_segments": [str(one) for one in listing.OPEN_SEGMENTS],
        "may_record": request.actor.may("record_decision", request.acting.organ.pk),
        "may_issue": request.actor.may("issue_decision", request.acting.organ.pk),
        "today": clock.today(),
        "picks": wanted.owed == DutyKind.PUBLICATION and request.actor.may("record_decision", request.acting.organ.pk),
        **listing.choices(request.actor),
    }
    return render(request, "approvals/list.html", context)


@in_post
@require_safe
def decision_export(request: PageRequest) -> HttpResponseBase:
    """The chosen list as an XLSX file."""
    wanted = listing.Wanted.read(request.GET.dict())
    rows = listing.sheet_rows(listing.chosen(actor=request.actor, wanted=wanted), at=clock.now())
    note = "，".join(part for part in (request.user.full_name, wanted.words) if part)
    return workbook_response("许可决定", listing.HEADINGS, rows, note=note)


def seen(request: PageRequest, pk: int) -> Decision:
    """The decision, where the person may see it; 404 otherwise."""
    found = (
        visible_for(request.actor)
        .select_related("organ__county", "party", "handling_item__item", "rulebook", "drafted_by", "issued_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Missing
    return found


@in_post
@require_safe
def decision_page(request: PageRequest, pk: int) -> HttpResponse:
    """One decision: what is still owed, its whole life, its facts and papers."""
    decision, actor, at = seen(request, pk), request.actor, clock.now()
    open_draft = decision.state in BEFORE_ISSUE
    oldest_first = request.GET.get("order") == "oldest"
    life = life_of(decision, actor=actor)
    correction = Correction.objects.filter(decision=decision, state=CorrectionState.PROPOSED).select_related("proposed_by").first()
    own = actor.may("record_decision", decision.organ_id)
    may_issue = actor.may("issue_decision", decision.organ_id)
    context = {
        "decision": decision,
        "thing": item_name(decision) or "未对应事项",
        "valid_to": validity(decision.valid_to),
        "owed": owing.owed_on(decision, actor=actor, at=at),
        "life": life[::-1] if oldest_first else life,
        "oldest_first": oldest_first,
        "findings": findings_of(decision) if open_draft else [],
        "targets": _targets(decision) if open_draft else [],
        "files": [file for source in files_of.of(Decision._meta.label_lower) for file in source(subject=decision, actor=actor)],
        "open_draft": open_draft,
        "correction": correction,
        "own": own,
        "may_issue": may_issue,
        "drafted_it": decision.drafted_by_id == actor.user_id,
        "proposed_it": bool(correction and correction.proposed_by_id == actor.user_id),
        "may_correct": own and correction is None and decision.state in (DecisionState.ISSUED, DecisionState.UNROUTED),
        "may_route": decision.state == DecisionState.UNROUTED and actor.may("answer_return", decision.organ_id),
        "deliveries": DeliveryMeans.choices,
        "today": clock.civil_day(at),
        "may_see_journal": bool(actor.organs("view_journal")),
    }
    return render(request, "approvals/page.html", context)


def _targets(decision: Decision) -> list[drafting.Target]:
    if decision.handling_item is None:
        return []
    return drafting.targets(
        county_id=decision.county_id,
        organ_id=decision.organ_id,
        handling_item=decision.handling_item,
        decided_on=decision.decided_on,
        commitment_mode=decision.commitment_mode,
    )


@in_post
@require_http_methods(["GET", "POST"])
def decision_new(request: PageRequest) -> HttpResponse:
    """Start a decision that will be issued here."""
    request.actor.require("record_decision", request.acting.organ.pk)
    return _form_page(request, decision=None, reports=False)


@in_post
@require_http_methods(["GET", "POST"])
def decision_report(request: PageRequest) -> HttpResponse:
    """Record a decision made outside the portal."""
    request.actor.require("record_decision", request.acting.organ.pk)
    return _form_page(request, decision=None, reports=True)


@in_post
@require_http_methods(["GET", "POST"])
def decision_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    decision = seen(request, pk)
    request.actor.require("record_decision", decision.organ_id)
    if decision.state != DecisionState.DRAFT:
        raise Refused("只有起草中的决定可以修改。已提交的请先退回起草；已签发的只能变更、更正或作废。")
    return _form_page(request, decision=decision, reports=False)


def _form_page(request: PageRequest, *, decision: Decision | None, reports: bool) -> HttpResponse:
    form = DecisionForm(request.POST or None, request.FILES or None, actor=request.actor, decision=decision)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, form, decision=decision, reports=reports)
        except NotYours:
            raise
        except Refused as refusal:
            form.take(refusal)
        else:
            return redirect("decision_page", pk=saved.pk)
    context = {
        "form": form,
        "decision": decision,
        "reports": reports,
        "item": form.chosen_item(),
        "party": form.chosen_party(),
        "pattern": drafting.pattern_of(request.acting.organ),
        "back": reverse("decision_page", args=[decision.pk]) if decision else reverse("decision_list"),
    }
    return render(request, "approvals/form.html", context)


def _save(request: PageRequest, form: DecisionForm, *, decision: Decision | None, reports: bool) -> Decision:
    actor, organ, filled = request.actor, request.acting.organ, form.filled()
    if reports:
        return drafting.save_reported(actor=actor, organ=organ, filled=filled, intake=form.cleaned_data["intake"])
    submits = "submit" in request.POST
    if decision is None:
        return drafting.save_new(actor=actor, organ=organ, filled=filled, submits=submits)
    return drafting.save_changed(actor=actor, decision=decision, filled=filled, submits=submits)


@in_post
@require_safe
def routing_pen_page(request: PageRequest) -> HttpResponse:
    """Decisions that nobody could route yet, oldest first, each with its clock."""
    page = page_of(request, routing_pen(request.actor.organs("answer_return")))
    clocks = clocks_by_subject(Decision, [row.pk for row in page.object_list])
    rows = [{"decision": row, "thing": item_name(row), "clock": clocks.get(row.pk)} for row in page.object_list]
    return render(request, "approvals/pen.html", {"page": page, "rows": rows})
