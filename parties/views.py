"""Pages of parties: look up, read masked, reveal with a reason, merge duplicates."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.common import clock
from foundation.common.errors import NotYours, Refused
from foundation.organizations.pages import PageRequest, in_post
from parties import actions, queries
from parties.models import Party
from parties.statuses import PartyKind, RevealField

PAGE = 50


@in_post
def party_list(request: PageRequest) -> HttpResponse:
    """Search the county's parties."""
    _refuse_onlookers(request)
    words, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    rows = queries.search(actor=request.actor, words=words, kind=kind)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "parties/list.html", {"page": page, "words": words, "kind": kind, "kinds": PartyKind.choices})


def _refuse_onlookers(request: PageRequest) -> None:
    """The register holds people: whoever has no matter in hand or to watch over, the three officers say, has no business in it."""
    if not request.actor.organs("view_matter"):
        raise NotYours("您的职务不办理业务，不能查询行政相对人。")


def _party(request: PageRequest, pk: int) -> Party:
    _refuse_onlookers(request)
    return get_object_or_404(Party.objects.select_related("merged_into", "county"), pk=pk, county_id=request.actor.county_id)


def _page(request: PageRequest, party: Party, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "party": party,
        "natural": party.kind == PartyKind.NATURAL,
        "may_reveal": queries.may_reveal(party=party, actor=request.actor),
        "may_merge": bool(request.actor.organs("record_decision")),
        "reveal_fields": [(value, label) for value, label in RevealField.choices if getattr(party, value)],
        "duplicates": queries.possible_duplicates(party) if not party.merged_into_id else [],
        "merged": list(party.merged.order_by("id")),
        "life": queries.life_of(party=party, actor=request.actor),
        **more,
    }
    return render(request, "parties/page.html", context, status=status)


@in_post
@never_cache
def party_page(request: PageRequest, pk: int) -> HttpResponse:
    """One party: masked facts, what happened with it, possible duplicates."""
    return _page(request, _party(request, pk))


@in_post
@never_cache
@require_POST
def party_reveal(request: PageRequest, pk: int) -> HttpResponse:
    """Show one field unmasked, this once."""
    party = _party(request, pk)
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        value = actions.reveal(actor=request.actor, party=party, field=field, reason=reason, at=clock.now())
    except NotYours:
        raise
    except Refused as refusal:
        return _page(request, party, refusal=refusal, reason=reason, chosen=field)
    return _page(request, party, revealed=value, revealed_label=RevealField(field).label)


@in_post
@require_POST
def party_merge(request: PageRequest, pk: int) -> HttpResponse:
    """Make the chosen duplicates one with this party."""
    party = _party(request, pk)
    chosen = [int(value) for value in request.POST.getlist("duplicate") if value.isdigit()]
    duplicates = list(queries.visible_for(request.actor).filter(pk__in=chosen))
    kept = actions.merge(actor=request.actor, keep=party, duplicates=duplicates, reason=request.POST.get("reason", ""), at=clock.now())
    messages.success(request, f"已把 {len(duplicates)} 个重复主体并入本主体，原有办件都已归到这里。")
    return redirect("party_page", pk=kept.pk)
