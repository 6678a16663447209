"""The room of exchange with the outer world."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Imports, tokens, the API."""

    name = "exchange"
    label = "exchange"
    verbose_name = "数据交换"

    def ready(self) -> None:
        """Make the token known to the OpenAPI page."""
        from exchange.api import schema  # noqa: F401
