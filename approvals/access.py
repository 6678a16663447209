"""What the rooms below ask about decisions: whose papers they are, who may open them."""

from collections.abc import Iterable

from django.db.models import Model

from approvals.models import Decision
from approvals.queries import visible_for
from foundation.common.actors import Actor
from foundation.deadlines.queries import type_of
from foundation.papers.models import Attachment
from foundation.papers.queries import of_subject
from pushes.models import Push
from pushes.sending import LIVE


def papers_visible(*, actor: Actor, subject_id: int) -> bool:
    """Whether an organ of the actor decided this decision, or holds a live push of it."""
    organs = actor.organs("view_matter")
    if Decision.objects.filter(pk=subject_id, organ_id__in=organs).exists():
        return True
    return Push.objects.filter(payload_type=type_of(Decision), payload_id=subject_id, receiver_id__in=organs, state__in=LIVE).exists()


def files(*, subject: Model, actor: Actor) -> Iterable[Attachment]:
    """The decision's papers, where the actor may open them."""
    if visible_for(actor).filter(pk=subject.pk).exists() and papers_visible(actor=actor, subject_id=subject.pk):
        yield from of_subject(subject)
