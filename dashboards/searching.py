"""Search by substring over what a person may see: party, credit code, document and certificate number, item."""

from dataclasses import dataclass

from approvals.models import Decision
from approvals.queries import visible_for
from foundation.common.actors import Actor

MOST = 50
LEAST_CHARACTERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found; `more` says that the list was cut, `too_short` that there was nothing to look for."""

    decisions: list[Decision]
    more: bool = False
    too_short: bool = False


def search(*, actor: Actor, text: str) -> Found:
    """At most MOST decisions that contain every word of `text`, newest first. Served by a trigram index over upper-case text."""
    words = [word for word in text.upper().split() if len(word) >= LEAST_CHARACTERS]
    if not words:
        return Found(decisions=[], too_short=True)
    rows = visible_for(actor)
    for word in words:
        rows = rows.filter(search_text__contains=word)
    found = list(rows.select_related("party", "organ", "handling_item__item").order_by("-decided_on", "-id")[: MOST + 1])
    return Found(decisions=found[:MOST], more=len(found) > MOST)
