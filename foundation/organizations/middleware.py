"""For which organ a signed-in person acts in this request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.organizations.acting import actor_of, choose_acting

Handler = Callable[[HttpRequest], HttpResponse]


def acting_middleware(get_response: Handler) -> Handler:
    """Set `request.acting` (post, organ, county; None where the person has no post today) and `request.actor`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.acting = choose_acting(request) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        request.actor = actor_of(request.acting) if request.acting else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
