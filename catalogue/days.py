"""What was valid on a day."""

from datetime import date

from django.db.models import Q


def valid_on(day: date, *, prefix: str = "") -> Q:
    """Rows whose validity includes `day`; both ends belong to it. `prefix` leads to a related row (`handling_item__`)."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day}))
