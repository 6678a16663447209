"""What of a party stands on a page: public facts of organisations as they are, a natural person's masked (personal information law)."""

import re

from parties.models import Party
from parties.statuses import PartyKind

ROAD = re.compile(r"^.*?(?:大道|路|街(?!道)|巷|村(?!民?委)|社区|居委会|村委会)")
TOWN = re.compile(r"^.*?(?:镇|乡|街道|县|区|市)")
HIDDEN = "***"


def masked_name(name: str) -> str:
    """张三 → 张*; the length is not given away."""
    return f"{name[0]}*" if name else ""


def masked_number(number: str) -> str:
    """An identity number with its first six and last four characters, or first and last of a short one."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    return number[0] + "*" * (len(number) - 2) + number[-1] if len(number) > 2 else "*" * len(number)


def masked_phone(phone: str) -> str:
    """The first three and last four digits."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < 7:
        return "*" * len(digits)
    return digits[:3] + "*" * (len(digits) - 7) + digits[-4:]


def masked_address(address: str) -> str:
    """An address down to the road or village; where none is named, to the town."""
    found = ROAD.match(address) or TOWN.match(address)
    if not address:
        return ""
    return (found.group(0) if found else "") + HIDDEN


def shown_name(party: Party) -> str:
    """The name as lists and papers on the screen show it."""
    return masked_name(party.name) if party.kind == PartyKind.NATURAL else party.name


def shown_code(party: Party) -> str:
    """The credit code of an organisation, else the masked identity number."""
    return party.uscc or masked_number(party.id_number)


def shown_address(party: Party) -> str:
    """The address; a natural person's down to the road or village."""
    return masked_address(party.address) if party.kind == PartyKind.NATURAL else party.address


def shown_representative(party: Party) -> str:
    """The legal representative, whose name is public for organisations."""
    return masked_name(party.legal_representative) if party.kind == PartyKind.NATURAL else party.legal_representative
