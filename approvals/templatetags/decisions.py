"""`{% load decisions %}`: what pages of decisions show of a person's data."""

import re

from django import template

from parties.masking import masked_address, masked_name, masked_phone
from parties.models import Party
from parties.statuses import PartyKind

register = template.Library()
DIGITS = re.compile(r"\d[\d\- ]{5,}\d")
SURNAME = re.compile(r"^[\u4e00-\u9fff·]{2,}$")


@register.filter
def masked_contact(text: str) -> str:
    """A contact line as lists and pages show it: names by their first character, telephones without their middle."""
    hidden = DIGITS.sub(lambda found: masked_phone(found[0]), text)
    return " ".join(masked_name(part) if SURNAME.match(part) else part for part in hidden.split())


@register.filter
def told_address(address: str, party: Party) -> str:
    """The address told with a decision; a natural person's down to the road or village."""
    return masked_address(address) if party.kind == PartyKind.NATURAL else address
