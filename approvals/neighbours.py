"""What the lower rooms ask of decisions: who has a matter with a party, whose decisions move in a merge, which items no list knows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count

from approvals.models import Decision
from pushes.models import Push


def organs_of_party(*, party_id: int) -> Iterable[int]:
    """The organs that decided on the party, and those that received such a decision."""
    decisions = Decision.objects.filter(party_id=party_id)
    kind = ContentType.objects.get_for_model(Decision)
    receivers = Push.objects.filter(payload_type=kind, payload_id__in=decisions.values("pk")).values_list("receiver_id", flat=True)
    return {*decisions.values_list("organ_id", flat=True), *receivers}


def move_decisions(*, keep_id: int, duplicate_ids: Sequence[int], at: datetime) -> int:
    """Let the decisions of merged parties stand under the party that is kept; what was told at the time stays in the snapshots."""
    return Decision.objects.filter(party_id__in=duplicate_ids).update(party_id=keep_id)


def unlisted(*, county_id: int) -> Mapping[str, int]:
    """Items that decisions named and the catalogue does not know, with how many decisions."""
    rows = Decision.objects.filter(county_id=county_id, handling_item=None).exclude(item_text="").order_by()
    return dict(rows.values_list("item_text").annotate(count=Count("pk")))
