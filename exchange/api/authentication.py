"""Tokens of outside systems."""

from rest_framework.authentication import BaseAuthentication


class OrganTokenAuthentication(BaseAuthentication):
    """Authenticates `Authorization: Token …` as the service account of an organ."""
