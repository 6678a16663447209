"""How the OpenAPI page names the token."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Token …`."""

    target_class = "exchange.api.authentication.OrganTokenAuthentication"
    name = "Token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The header as OpenAPI describes it."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "填写：Token 加空格加令牌"}
