"""How a workbench shows the clocks of decisions."""

from collections.abc import Sequence

from django.urls import reverse

from approvals.models import Decision
from approvals.queries import visible_for
from approvals.snapshot import item_name
from approvals.statuses import DutyKind
from foundation.common.actors import Actor
from foundation.common.hooks import WorkItem
from parties.masking import shown_name

_ACTS = {"routing": ("分派", "分派"), DutyKind.DELIVERY: ("送达证件", "登记送达"), DutyKind.PUBLICATION: ("公示许可决定", "登记公示")}


def present(*, wanted: Sequence[tuple[int, str]], actor: Actor) -> dict[tuple[int, str], WorkItem]:
    """The rows of clocks that run on decisions themselves, in one query."""
    ids = {pk for pk, _ in wanted}
    decisions = Decision.objects.select_related("handling_item__item", "party", "organ").in_bulk(ids)
    return {(pk, key): _row(decisions[pk], key) for pk, key in wanted if pk in decisions}


def _row(decision: Decision, key: str) -> WorkItem:
    verb, act = _ACTS.get(key, ("办理", "办理"))
    place = f"#{key}" if key in DutyKind.values else ""
    return WorkItem(
        thing=f"{verb}：{item_name(decision)}",
        act=act,
        url=reverse("decision_page", args=[decision.pk]) + place,
        sub=decision.document_number,
        party=shown_name(decision.party),
        organ=decision.organ.short_name,
    )


def visible(*, actor: Actor, ids: Sequence[int]) -> set[int]:
    """Which of these the actor may see."""
    return set(visible_for(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))
