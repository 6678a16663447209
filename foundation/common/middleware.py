"""A refusal raised by an action becomes an answer a clerk understands."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.common.errors import Missing, NotYours, Refused

Handler = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Shows a Refused that no view caught: as a fragment for htmx, as a message on the page the person came from, else as a page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a Refused; let everything else pass."""
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, Missing):
            return render(request, "404.html", {"refusal": exception}, status=404)
        status = 403 if isinstance(exception, NotYours) else 409
        if getattr(request, "htmx", False):
            return render(request, "parts/refused.html", {"refusal": exception}, status=200)
        back = request.META.get("HTTP_REFERER", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
            messages.error(request, exception.message)
            return redirect(back)
        return render(request, "refused.html", {"refusal": exception}, status=status)


refusal_middleware = RefusalMiddleware
