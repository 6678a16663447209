"""For which organ a signed-in person acts in this request, and the end of a session that nobody uses."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from foundation.organizations.acting import actor_of, choose_acting

Handler = Callable[[HttpRequest], HttpResponse]
SEEN_KEY = "seen"
SEEN_STEP = 60
"""Seconds between two notes of a session's last use, so that not every page writes the session."""


def acting_middleware(get_response: Handler) -> Handler:
    """Set `request.acting` (post, organ, county; None where the person has no post today) and `request.actor`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _end_idle_session(request)
        request.acting = choose_acting(request) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        request.actor = actor_of(request.acting) if request.acting else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _end_idle_session(request: HttpRequest) -> None:
    """Sign a person out after SESSION_IDLE_SECONDS without a request (GB/T 22239: time-out of a session)."""
    seen, now = request.session.get(SEEN_KEY), time.time()
    if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
        logout(request)
        minutes = settings.SESSION_IDLE_SECONDS // 60
        messages.warning(request, f"超过 {minutes} 分钟没有操作，已自动退出。请重新登录。")
    elif seen is None or now - seen > SEEN_STEP:
        request.session[SEEN_KEY] = now
