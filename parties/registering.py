"""Recognising parties in bulk: which of the rows handed in are known, and which are new."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from foundation.common.errors import Refused
from parties.identity import PartyData
from parties.models import Party
from parties.statuses import PartyKind

Key = tuple[str, ...]


def keys_of(data: PartyData) -> list[Key]:
    """The keys under which a party may be known, the surest first.

    A name alone is the last resort and serves organisations only: two people may bear one name, so a natural person without a number
    is recognised by name and telephone, or name and address, together; with neither, the person is new each time.
    """
    keys: list[Key] = []
    if data.uscc:
        keys.append(("uscc", data.uscc))
    if data.id_number:
        keys.append(("id", data.id_type, data.id_number))
    if data.kind != PartyKind.NATURAL:
        keys.append(("name", data.kind, data.name))
    elif not data.id_number:
        keys += [("person", data.name, detail) for detail in (data.phone, data.address) if detail]
    return keys


class KnownParties:
    """The parties of a county that some rows may mean (three queries at most), by key."""

    def __init__(self, county_id: int, rows: Iterable[PartyData]) -> None:
        self._by_key: dict[Key, list[Party]] = defaultdict(list)
        self._ids: set[int] = set()
        wanted = defaultdict(set)
        for data in rows:
            for key in keys_of(data):
                wanted[key[0]].add(key[-1] if key[0] != "person" else key[1])
        alive = Party.objects.filter(county_id=county_id, merged_into=None)
        if wanted["uscc"]:
            self._load(alive.filter(uscc__in=wanted["uscc"]))
        if wanted["id"]:
            self._load(alive.filter(id_number__in=wanted["id"]))
        if names := wanted["name"]:
            self._load(alive.filter(~Q(kind=PartyKind.NATURAL), name__in=names))
        if names := wanted["person"]:
            self._load(alive.filter(kind=PartyKind.NATURAL, name__in=names))

    def _load(self, parties: Iterable[Party]) -> None:
        for party in parties:
            if party.pk not in self._ids:
                self.add(party)

    def add(self, party: Party) -> None:
        """Make a party findable under all its keys."""
        self._ids.add(party.pk)
        if party.uscc:
            self._by_key["uscc", party.uscc].append(party)
        if party.id_number:
            self._by_key["id", party.id_type, party.id_number].append(party)
        if party.kind == PartyKind.NATURAL:
            for detail in {party.phone, party.address} - {""}:
                self._by_key["person", party.name, detail].append(party)
        else:
            self._by_key["name", party.kind, party.name].append(party)

    def has(self, key: Key) -> bool:
        """Whether a party is known under this very key."""
        return bool(self._by_key.get(key))

    def find(self, data: PartyData) -> Party | None:
        """The party meant, or None where it is new.

        Raises Refused where an organisation without a code has several namesakes: a guess would burden the wrong one.
        """
        for key in keys_of(data):
            candidates = [party for party in self._by_key.get(key, []) if not contradicts(party, data)]
            if len(candidates) > 1 and key[0] == "name":
                raise Refused("同名的行政相对人不止一个，请填写统一社会信用代码，或先合并重复的主体。", field="uscc", code="ambiguous")
            if candidates:
                return candidates[0]
        return None


def contradicts(party: Party, data: PartyData) -> bool:
    """Whether both have a code of one sort and the codes differ."""
    return _differ((party.uscc, data.uscc)) or _differ((party.id_type + party.id_number, data.id_type + data.id_number))


def contradicts_party(one: Party, other: Party) -> bool:
    """Whether codes show that two parties are not the same."""
    return _differ((one.uscc, other.uscc)) or _differ((one.id_type + one.id_number, other.id_type + other.id_number))


def _differ(codes: tuple[str, str]) -> bool:
    return all(codes) and codes[0] != codes[1]


FILLABLE = ("legal_representative", "contact", "phone", "address")


def fill_blanks(party: Party, data: PartyData, known: KnownParties) -> list[str]:
    """Complete what the party lacks from what the source tells; what is there stays. Returns the fields filled.

    A code is only added where it names nobody else.
    """
    filled = [name for name in FILLABLE if getattr(data, name) and not getattr(party, name)]
    if data.uscc and not party.uscc and not known.has(("uscc", data.uscc)):
        filled.append("uscc")
    if data.id_number and not party.id_number and not known.has(("id", data.id_type, data.id_number)):
        filled += ["id_type", "id_number"]
    for name in filled:
        setattr(party, name, getattr(data, name))
    return filled
