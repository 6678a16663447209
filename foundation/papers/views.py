"""Handing out files. No web server reads them: every byte passes through a permission and a check of its hash."""

import uuid

from django.http import FileResponse, Http404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from foundation.common import clock
from foundation.organizations.pages import PageRequest, in_post
from foundation.papers import actions, queries
from foundation.papers.types import KINDS

INLINE = frozenset(kind.media_type for kind in KINDS if kind.inline)


@in_post
@require_safe
def attachment(request: PageRequest, public_id: uuid.UUID) -> FileResponse:
    """One file: to be saved, or with `?show=1` shown in place where a browser does that safely. 404 for whom may not open it."""
    found = queries.readable(actor=request.actor, public_id=public_id)
    if found is None:
        raise Http404
    stream = actions.open_for(actor=request.actor, attachment=found, at=clock.now())
    inline = request.GET.get("show") == "1" and found.media_type in INLINE
    response = FileResponse(stream, as_attachment=not inline, filename=found.name, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = str(found.size)
    patch_cache_control(response, private=True, no_store=True)
    return response
