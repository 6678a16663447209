"""Registering what the bureau did after a decision: 登记送达 and 登记公示, one by one or for a ticked list."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from approvals import duties
from foundation.common.errors import Refused
from foundation.organizations.pages import PageRequest, in_post


def _day(request: PageRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("done_on", ""))
    except ValueError:
        raise Refused("请选择办理的日期。", field="done_on") from None


@in_post
@require_POST
def decision_deliver(request: PageRequest, pk: int) -> HttpResponse:
    """Record the delivery of the certificate."""
    row = duties.record_delivery(
        actor=request.actor,
        decision_id=pk,
        delivered_on=_day(request),
        how=request.POST.get("how", ""),
        note=request.POST.get("note", ""),
    )
    messages.success(request, f"已登记送达：{row.done_on.month}月{row.done_on.day}日，{row.how_words}。")
    return redirect("decision_page", pk=pk)


@in_post
@require_POST
def decision_publish(request: PageRequest, pk: int) -> HttpResponse:
    """Record the publication of one decision."""
    row = duties.record_publication(actor=request.actor, decision_id=pk, published_on=_day(request), where=request.POST.get("where", ""))
    messages.success(request, f"已登记公示：{row.done_on.month}月{row.done_on.day}日，{row.how_words}。")
    return redirect("decision_page", pk=pk)


@in_post
@require_POST
def decisions_publish(request: PageRequest) -> HttpResponse:
    """Record the publication of the ticked decisions."""
    ids = [int(one) for one in request.POST.getlist("decision") if one.isdecimal() and len(one) < 19]
    rows = duties.record_publications(
        actor=request.actor, decision_ids=ids, published_on=_day(request), where=request.POST.get("where", "")
    )
    messages.success(request, f"已登记公示 {len(rows)} 件。")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else reverse("decision_list"))
