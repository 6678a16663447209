"""One item: read by everybody in the county, kept by those who may."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from catalogue import actions
from catalogue.actions.guards import require_keeper
from catalogue.forms import AlterForm, EndForm, HandlingForm, ItemForm, MapForm, PowerForm, TransferForm
from catalogue.models import HandlingItem, Item, Power
from catalogue.statuses import Verb
from catalogue.views.lists import facts_of, history_of
from foundation.common import clock
from foundation.common.errors import NotYours, Refused
from foundation.organizations.pages import PageRequest, in_post


def _item(request: PageRequest, pk: int) -> Item:
    rows = Item.objects.select_related("county", "bureau", "competent", "transfer_batch")
    return get_object_or_404(rows, pk=pk, county_id=request.actor.county_id)


@in_post
def item_page(request: PageRequest, pk: int) -> HttpResponse:
    """One item with its handling items, who supervises them and did, its powers, its public elements, and the acts on it."""
    return _show(request, _item(request, pk))


def _show(request: PageRequest, item: Item, **forms: Form) -> HttpResponse:
    keeper, county_id, today = bool(request.actor.organs("manage_catalogue")), request.actor.county_id, clock.today()
    context: dict[str, Any] = {
        "item": item,
        "may_keep": keeper,
        "today": today,
        **facts_of(item, today),
        "history": history_of(item),
        "powers": _grouped(item),
    }
    if keeper:
        context |= {
            "alter_form": AlterForm(item=item),
            "handling_form": HandlingForm(initial={"valid_from": today}),
            "power_form": PowerForm(county_id=county_id, initial={"valid_from": today}),
            "transfer_form": TransferForm(county_id=county_id),
            "end_form": EndForm(),
        }
    return render(request, "catalogue/item.html", {**context, **forms})


def _grouped(item: Item) -> list[dict[str, Any]]:
    """The item's powers, verbs of one organ, area and period together, in the order of the law's verbs."""
    groups: dict[tuple[object, ...], dict[str, Any]] = {}
    for power in sorted(
        item.powers.select_related("organ"), key=lambda row: (row.organ.sort_key, row.organ_id, Verb.values.index(row.verb))
    ):
        key = (power.organ_id, power.area, power.valid_from, power.valid_to, power.document)
        group = groups.setdefault(key, {"power": power, "rows": []})
        group["rows"].append(power)
    return list(groups.values())


def _act(request: PageRequest, item: Item, name: str, form: Form, act: Callable[[dict[str, Any]], object], words: str) -> HttpResponse:
    """Do an act from one of the item page's forms; what is wrong comes back beside the field, with everything typed."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except NotYours:
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, words)
            return redirect("catalogue_item", pk=item.pk)
    return _show(request, item, **{name: form})


@in_post
@require_POST
def item_alter(request: PageRequest, pk: int) -> HttpResponse:
    """Alter facts and public elements."""
    item = _item(request, pk)
    form = AlterForm(request.POST, item=item)
    return _act(
        request,
        item,
        "alter_form",
        form,
        lambda data: actions.alter_item(actor=request.actor, item=item, changes=form.changes(), reason=data["reason"], at=clock.now()),
        "事项已修改，修改前后的内容都已留痕。",
    )


@in_post
@require_POST
def item_add_handling(request: PageRequest, pk: int) -> HttpResponse:
    """Add a handling item."""
    item = _item(request, pk)
    return _act(
        request,
        item,
        "handling_form",
        HandlingForm(request.POST),
        lambda data: actions.add_handling_item(actor=request.actor, item=item, at=clock.now(), **data),
        "业务办理项已增加。请接着关联监管部门。",
    )


@in_post
@require_POST
def item_grant_power(request: PageRequest, pk: int) -> HttpResponse:
    """Grant a dated power."""
    item = _item(request, pk)

    def grant(data: dict[str, Any]) -> object:
        organ = data.pop("organ")
        return actions.grant_power(actor=request.actor, organ_id=organ.pk, item=item, at=clock.now(), **data)

    return _act(request, item, "power_form", PowerForm(request.POST, county_id=item.county_id), grant, "权力已登记。")


@in_post
@require_POST
def item_transfer(request: PageRequest, pk: int) -> HttpResponse:
    """Transfer the item to another organ."""
    item = _item(request, pk)

    def move(data: dict[str, Any]) -> object:
        act = actions.convert_item if data["kind"] == "convert" else actions.transfer_item
        return act(
            actor=request.actor, item=item, to_organ_id=data["to_organ"].pk, on=data["on"], document=data["document"], at=clock.now()
        )

    words = "划转已登记，原单位的审批权到前一天为止。"
    return _act(request, item, "transfer_form", TransferForm(request.POST, county_id=item.county_id), move, words)


@in_post
@require_POST
def item_end(request: PageRequest, pk: int) -> HttpResponse:
    """End the item; with `still_supervised` only the approval ends."""
    item = _item(request, pk)
    still = bool(request.POST.get("still_supervised"))
    return _act(
        request,
        item,
        "end_form",
        EndForm(request.POST),
        lambda data: actions.end_item(actor=request.actor, item=item, at=clock.now(), still_supervised=still, **data),
        "事项已停用，历史办件不受影响。",
    )


@in_post
@require_POST
def power_end(request: PageRequest, pk: int, power: int) -> HttpResponse:
    """End one power."""
    item = _item(request, pk)
    row = get_object_or_404(Power.objects.select_related("item"), pk=power, item=item)
    return _act(
        request,
        item,
        "end_form",
        EndForm(request.POST),
        lambda data: actions.end_power(actor=request.actor, power=row, at=clock.now(), **data),
        "这项权力已终止。",
    )


@in_post
@require_http_methods(["GET", "POST"])
def item_new(request: PageRequest) -> HttpResponse:
    """Add an item with its first handling item."""
    require_keeper(request.actor, request.actor.county_id)
    form = ItemForm(request.POST or None, county_id=request.actor.county_id, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        name = data.pop("handling_item")
        try:
            item = actions.add_item(actor=request.actor, at=clock.now(), **data)
            actions.add_handling_item(actor=request.actor, item=item, name=name, valid_from=item.valid_from, at=clock.now())
        except NotYours:
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, "事项已列入目录。请接着关联监管部门。")
            return redirect("catalogue_item", pk=item.pk)
    return render(request, "catalogue/item_new.html", {"form": form})


@in_post
@require_http_methods(["GET", "POST"])
def catalogue_map(request: PageRequest) -> HttpResponse:
    """Map the chosen handling items to a supervising organ."""
    require_keeper(request.actor, request.actor.county_id)
    asked = request.POST if request.method == "POST" else request.GET
    ids = [int(value) for value in asked.getlist("handling") if value.isdigit() and len(value) < 18]
    rows = list(HandlingItem.objects.filter(pk__in=ids, item__county_id=request.actor.county_id).select_related("item"))
    form = MapForm(
        request.POST if request.method == "POST" else None, county_id=request.actor.county_id, initial={"valid_from": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            written = _map(request, form.cleaned_data, ids)
        except NotYours:
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            words = f"已关联 {len(rows)} 个业务办理项。" if written else "这些办理项已经是这样关联的，没有改动。"
            messages.success(request, words)
            return redirect("catalogue")
    return render(request, "catalogue/map.html", {"form": form, "rows": rows})


def _map(request: PageRequest, data: dict[str, Any], ids: list[int]) -> int:
    now = clock.now()
    matter = data["matter"] or actions.supervision_item_of(
        actor=request.actor, organ_id=data["organ"].pk, name=data["new_matter"], mode=data["mode"], at=now
    )
    return actions.map_items(
        actor=request.actor,
        handling_item_ids=ids,
        supervision_item=matter,
        liaison=data["liaison"],
        valid_from=data["valid_from"],
        document=data["document"],
        replace=bool(data["replace"]),
        at=now,
    )
