"""The catalogue as a list, as a sheet, as its gaps, and as the public sees it."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalogue import listing
from catalogue.coverage import coverage
from catalogue.days import valid_on
from catalogue.models import HandlingItem, Item, Mapping
from catalogue.statuses import ItemStatus, PublicField, ServiceTag, SupervisionMode
from foundation.common import clock
from foundation.common.sheets import workbook_response
from foundation.journal.models import Entry
from foundation.organizations.models import County
from foundation.organizations.pages import PageRequest, in_post

PAGE = 50
PUBLIC_VERBS = {
    "item.add": "列入目录",
    "item.alter": "调整内容",
    "item.transfer": "调整审批单位",
    "item.end": "停用",
}


def _wanted(request: HttpRequest) -> listing.Wanted:
    asked = request.GET
    organ = asked.get("organ", "")
    return listing.Wanted(
        words=asked.get("q", "").strip()[:100],
        organ_id=int(organ) if organ.isdigit() and len(organ) < 18 else None,
        mode=asked.get("mode", ""),
        mapped=asked.get("mapped", ""),
        status=asked.get("status", ""),
    )


@in_post
@require_safe
def catalogue(request: PageRequest) -> HttpResponse:
    """The handling items of the county with who supervises them; filters, counts, selection for bulk mapping."""
    on, wanted, county_id = clock.today(), _wanted(request), request.actor.county_id
    page = Paginator(listing.handling_items(county_id=county_id, on=on, wanted=wanted), PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "page": page,
        "wanted": wanted,
        "query": asked.urlencode(),
        "counts": listing.counts(county_id=county_id, on=on),
        "organs": listing.supervising_organs(county_id=county_id, on=on),
        "modes": SupervisionMode.choices,
        "statuses": ItemStatus.choices,
        "may_keep": bool(request.actor.organs("manage_catalogue")),
    }
    return render(request, "catalogue/list.html", context)


@in_post
@require_safe
def catalogue_export(request: PageRequest) -> FileResponse:
    """The list, as narrowed, as a sheet that can be imported again."""
    rows = listing.handling_items(county_id=request.actor.county_id, on=clock.today(), wanted=_wanted(request))
    name = f"{request.acting.county.name}审管事项关联目录-{clock.today():%Y%m%d}"
    return workbook_response(name, listing.sheet_headings(), listing.sheet_rows(rows))


@in_post
@require_safe
def catalogue_coverage(request: PageRequest) -> HttpResponse:
    """What is missing, and the act that mends it."""
    found = coverage(county_id=request.actor.county_id, on=clock.today())
    return render(request, "catalogue/coverage.html", {"c": found, "may_keep": bool(request.actor.organs("manage_catalogue"))})


@require_safe
def public_catalogue(request: HttpRequest, code: str) -> HttpResponse:
    """The county's catalogue for everybody, without log-in: items, limits, who approves, who supervises (BS-15a, PT-21b)."""
    county = get_object_or_404(County, code=code)
    wanted = listing.Wanted(words=request.GET.get("q", "").strip()[:100])
    rows = listing.handling_items(county_id=county.pk, on=clock.today(), wanted=wanted).filter(item__secret=False)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/public_list.html", {"county": county, "page": page, "words": wanted.words})


@require_safe
def public_item(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One item for everybody: its public elements and the history of its changes (SC-10, BA-08, PT-21b)."""
    item = get_object_or_404(Item.objects.select_related("county", "bureau", "transfer_batch"), pk=pk, county__code=code, secret=False)
    context = {"item": item, "county": item.county, **facts_of(item, clock.today()), "history": history_of(item)}
    return render(request, "catalogue/public_item.html", context)


def facts_of(item: Item, on: date) -> dict[str, object]:
    """What item pages show of an item on a day: handling items with their mapping, public elements, tags."""
    mappings = Mapping.objects.select_related("organ", "supervision_item", "liaison").order_by("-valid_from", "id")
    rows = HandlingItem.objects.filter(item=item).prefetch_related(
        Prefetch("mappings", queryset=mappings.filter(valid_on(on)), to_attr="current"),
        Prefetch("mappings", queryset=mappings, to_attr="all"),
    )
    return {
        "rows": list(rows),
        "public": [(label, item.public.get(value, "")) for value, label in PublicField.choices],
        "tags": [label for value, label in ServiceTag.choices if value in item.service_tags],
    }


def history_of(item: Item) -> list[dict[str, object]]:
    """The item's changes, newest first: what, when, under which document. Never who."""
    entries = Entry.objects.filter(subject_type="catalogue.item", subject_id=item.pk, verb__in=PUBLIC_VERBS).order_by(
        "-effective_at", "-id"
    )
    return [{"at": entry.effective_at, "words": PUBLIC_VERBS[entry.verb], "reason": entry.reason} for entry in entries[:100]]
