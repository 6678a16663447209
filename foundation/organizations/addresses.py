"""From where a request comes, also behind reverse proxies."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's address: the peer's, or, where the peer is one of our proxies (LIANDONG_PROXIES), the one it names.

    X-Forwarded-For is read from its end, past our own proxies: what stands before was written by the client, who may write anything.
    """
    peer: str = request.META.get("REMOTE_ADDR") or ""
    if peer not in settings.PROXIES:
        return peer or None
    named = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    found = next((part for part in reversed(named) if part and part not in settings.PROXIES), peer)
    try:
        return str(ip_address(found))
    except ValueError:
        return peer
