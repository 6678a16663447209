"""Reading parties. Everybody in a county may look a party up, masked; no list crosses a county."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from foundation.common.actors import Actor
from foundation.common.hooks import TimelineEntry, timeline_of
from parties.merging import matter_organs
from parties.models import Party
from parties.registering import contradicts_party
from parties.statuses import PartyKind

SHORTEST = 2
"""Characters a search must have, so that nobody leafs through the whole register."""


def visible_for(actor: Actor) -> QuerySet[Party]:
    """The parties of the actor's county; merged ones are signposts and not listed."""
    return Party.objects.filter(county_id=actor.county_id, merged_into=None)


def search(*, actor: Actor, words: str = "", kind: str = "") -> QuerySet[Party]:
    """Parties by a part of the name (trigram index), or by a whole code or document number; newest first.

    A natural person is found by the whole name only: a part of a name would make the register a list of people to leaf through.
    """
    rows = visible_for(actor).order_by("-id")
    if kind in PartyKind.values:
        rows = rows.filter(kind=kind)
    words = " ".join(words.split())
    if not words:
        return rows
    found = Q(uscc=words.upper()) | Q(id_number=words.upper()) | Q(name=words)
    if len(words) >= SHORTEST:
        found |= Q(name__icontains=words) & ~Q(kind=PartyKind.NATURAL)
    return rows.filter(found)


def possible_duplicates(party: Party) -> list[Party]:
    """Up to ten other parties of the county that may be the same: near in name, and no code speaks against it."""
    rows = Party.objects.filter(county_id=party.county_id, merged_into=None).exclude(pk=party.pk)
    if party.kind == PartyKind.NATURAL:
        rows = rows.filter(kind=PartyKind.NATURAL, name=party.name)
    else:
        rows = rows.exclude(kind=PartyKind.NATURAL).filter(name__trigram_similar=party.name)
    return [row for row in rows.order_by("id")[:50] if not contradicts_party(party, row)][:10]


def life_of(*, party: Party, actor: Actor) -> list[TimelineEntry]:
    """What upper rooms know of the party and the actor may see, newest first."""
    found: Iterable[TimelineEntry] = (entry for source in timeline_of.of("parties.party") for entry in source(subject=party, actor=actor))
    return sorted(found, key=lambda entry: (entry.effective_at, entry.weight), reverse=True)


def may_reveal(*, party: Party, actor: Actor) -> bool:
    """Whether the actor may ask for the party's unmasked data: the right, on an organ that has a matter with it."""
    return party.county_id == actor.county_id and bool(set(actor.organs("reveal_person")) & matter_organs(party.pk))
