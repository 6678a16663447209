"""Reading attachments and numbers."""

import uuid

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from foundation.common.actors import Actor
from foundation.papers.access import attachment_visible
from foundation.papers.models import Attachment


def visible_for(actor: Actor) -> QuerySet[Attachment]:
    """Files attached by the organs whose matters the actor may see, in the actor's county."""
    return Attachment.objects.filter(county_id=actor.county_id, organ_id__in=actor.organs("view_matter"))


def of_subject(subject: Model) -> QuerySet[Attachment]:
    """The files of one matter, oldest first. The caller has already decided that the actor may see the matter."""
    kind = ContentType.objects.get_for_model(subject)
    return Attachment.objects.filter(subject_type=kind, subject_id=subject.pk).select_related("organ", "uploaded_by")


def readable(*, actor: Actor, public_id: uuid.UUID) -> Attachment | None:
    """The file, where the actor may open it: through its organ, or because the subject's room says so. None otherwise."""
    found = Attachment.objects.select_related("subject_type").filter(county_id=actor.county_id, public_id=public_id).first()
    if found is None or actor.may("view_matter", found.organ_id):
        return found
    label = f"{found.subject_type.app_label}.{found.subject_type.model}"
    checks = attachment_visible.of(label)
    return found if any(check(actor=actor, subject_id=found.subject_id) for check in checks) else None
