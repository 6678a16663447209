"""How often an outside system may ask."""

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # rest_framework.views reads the settings that name this class while it is being imported
    from rest_framework.views import APIView


class TokenThrottle(SimpleRateThrottle):
    """One allowance per service account and, for requests without a valid token, per address."""

    scope = "token"

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        """Whose allowance is used."""
        ident = f"user-{request.user.pk}" if request.user else self.get_ident(request)
        return f"throttle-{self.scope}-{ident}"
