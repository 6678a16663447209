"""How a workbench shows the clocks of pushes."""

from collections.abc import Sequence

from django.urls import reverse

from foundation.common.actors import Actor
from foundation.common.hooks import WorkItem
from pushes.models import Push
from pushes.queries import CLAIM_KEYS, visible_for

MODES = {"K": "重点监管", "R": "双随机", "C": "计划检查", "D": "书面数据核查"}
_OTHER = {"return_answer": ("答复退回", "答复"), "duty_ruling": ("职责裁定", "裁定")}


def present(*, wanted: Sequence[tuple[int, str]], actor: Actor) -> dict[tuple[int, str], WorkItem]:
    """The rows of claim, answer and ruling clocks, in one query."""
    pushes = Push.objects.select_related("receiver", "sender").in_bulk({pk for pk, _ in wanted})
    return {(pk, key): _row(pushes[pk], key, actor) for pk, key in wanted if pk in pushes}


def _row(push: Push, key: str, actor: Actor) -> WorkItem:
    verb, act = ("认领", "认领") if key in CLAIM_KEYS else _OTHER.get(key, ("办理", "办理"))
    sub = "·".join(part for part in (push.document_number, MODES.get(push.mode, "")) if part)
    mine = actor.may("claim_push", push.receiver_id)
    return WorkItem(
        thing=f"{verb}：{push.title}",
        act=act,
        url=reverse("push_page", args=[push.pk]),
        sub=sub,
        party=push.party_name,
        organ=push.receiver.short_name,
        batch="claim" if key in CLAIM_KEYS and mine else "",
        mode=push.mode,
    )


def visible(*, actor: Actor, ids: Sequence[int]) -> set[int]:
    """Which of these the actor may see."""
    return set(visible_for(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))
