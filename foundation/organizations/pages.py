"""What a page asks before anything else: who is signed in, and for which organ."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from foundation.common.actors import Actor
from foundation.common.errors import NotYours
from foundation.organizations.acting import Acting
from foundation.organizations.models import User


class PageRequest(HttpRequest):
    """A request of a signed-in person who holds a post today."""

    user: User
    acting: Acting
    actor: Actor
    htmx: Any


def in_post(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only signed-in people with a post in force through; others go to the log-in page or are told why not (NotYours)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "acting", None) is None:
            raise NotYours("您今天没有在任职务，不能查看或办理。请与本单位系统管理员联系。")
        return view(request, *args, **kwargs)

    return login_required(guarded)
