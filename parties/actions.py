"""Every write on parties: registering, completing, revealing, merging."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal import actions as journal
from foundation.journal.digests import digest
from parties.identity import PartyData, tidy
from parties.merging import move_references
from parties.models import Party
from parties.queries import may_reveal
from parties.registering import KnownParties, fill_blanks
from parties.statuses import PartyKind, RevealField

CHUNK = 2000
MIN_REASON = 5
"""Characters a reason must have before a person's data are shown or parties become one."""


def register(
    *,
    county_id: int,
    kind: str,
    name: str,
    uscc: str = "",
    id_type: str = "",
    id_number: str = "",
    legal_representative: str = "",
    contact: str = "",
    phone: str = "",
    address: str = "",
    is_demo: bool = False,
    actor: Actor,
    at: datetime,
) -> Party:
    """The party meant, registered at the instant `at` where it is new. Recognised by credit code, by document, last by exact name.

    Raises Refused, with the field, where the name is missing or a code cannot be right; NotYours in another county.
    """
    data = PartyData(
        kind=kind,
        name=name,
        uscc=uscc,
        id_type=id_type,
        id_number=id_number,
        legal_representative=legal_representative,
        contact=contact,
        phone=phone,
        address=address,
        is_demo=is_demo,
    )
    result = register_many(county_id=county_id, rows=[data], actor=actor, at=at)[0]
    if isinstance(result, Refused):
        raise result
    return result


def register_many(*, county_id: int, rows: Sequence[PartyData], actor: Actor, at: datetime) -> list[Party | Refused]:
    """`register` for many rows: one answer a row in the same order, a party or the reason why not. Statements do not grow with the rows."""
    if actor.county_id != county_id:
        raise NotYours("不能登记其他县区的行政相对人。")
    results: list[Party | Refused] = []
    for start in range(0, len(rows), CHUNK):
        results += _register_chunk(county_id, rows[start : start + CHUNK], actor, at)
    return results


@transaction.atomic
def _register_chunk(county_id: int, rows: Sequence[PartyData], actor: Actor, at: datetime) -> list[Party | Refused]:
    for attempt in range(3):
        try:
            with transaction.atomic():
                return _register_once(county_id, rows, actor, at)
        except IntegrityError:  # somebody registered one of them at the same moment: look again
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def _register_once(county_id: int, rows: Sequence[PartyData], actor: Actor, at: datetime) -> list[Party | Refused]:
    tidied = [_tidied(row) for row in rows]
    known = KnownParties(county_id, [row for row in tidied if isinstance(row, PartyData)])
    results: list[Party | Refused] = []
    new: list[Party] = []
    filled: dict[int, tuple[Party, list[str]]] = {}
    for data in tidied:
        party = data if isinstance(data, Refused) else _found(known, data)
        if party is None and isinstance(data, PartyData):
            party = Party(county_id=county_id, **asdict(data))
            new.append(party)
            known.add(party)
        elif isinstance(party, Party) and isinstance(data, PartyData) and (names := fill_blanks(party, data, known)) and party.pk:
            filled[party.pk] = (party, filled.get(party.pk, (party, []))[1] + names)
        results.append(party)  # type: ignore[arg-type]
    Party.objects.bulk_create(new, batch_size=CHUNK)
    if filled:
        fields = sorted({name for _, names in filled.values() for name in names})
        Party.objects.bulk_update([party for party, _ in filled.values()], fields, batch_size=CHUNK)
    journal.write_many(
        [journal.entry(verb="party.register", actor=actor, subject=party, at=at, after=traces(party, TRACED)) for party in new]
        + [
            journal.entry(verb="party.complete", actor=actor, subject=party, at=at, after=traces(party, names))
            for party, names in filled.values()
        ]
    )
    return results


def _tidied(data: PartyData) -> PartyData | Refused:
    try:
        return tidy(data)
    except Refused as refusal:
        return refusal


def _found(known: KnownParties, data: PartyData) -> Party | Refused | None:
    try:
        return known.find(data)
    except Refused as refusal:
        return refusal


TRACED = ("kind", "name", "uscc", "id_type", "id_number", "legal_representative", "contact", "phone", "address")
PUBLIC_OF_ORGANISATIONS = {"name", "uscc", "address"}


def traces(party: Party, names: Iterable[str]) -> dict[str, Any]:
    """What the journal may hold of a party: public facts of an organisation in the clear, everything personal as a keyed digest."""
    open_fields = {"kind", "id_type"} | (set() if party.kind == PartyKind.NATURAL else PUBLIC_OF_ORGANISATIONS)
    return {name: getattr(party, name) if name in open_fields else digest(getattr(party, name)) for name in names if getattr(party, name)}


def reveal(*, actor: Actor, party: Party, field: str, reason: str, at: datetime) -> str:
    """The unmasked value of one field, shown once to somebody whose organ has a matter with the party; journaled with the reason.

    Raises NotYours without the right on such an organ, Refused for an unknown field or a reason under 5 characters.
    """
    if not may_reveal(party=party, actor=actor):
        raise NotYours("只有与该行政相对人有办件往来的单位，经授权的人员才能查看完整信息。")
    if field not in RevealField.values:
        raise Refused("没有这一项信息，请从页面上重新选择。", field="field")
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise Refused(f"请写明查看的理由，不少于 {MIN_REASON} 个字。", field="reason")
    value = str(getattr(party, field))
    journal.write(
        verb="party.reveal", actor=actor, subject=party, at=at, after={"field": field, "value": digest(value)}, reason=reason[:500]
    )
    return value


@transaction.atomic
def merge(*, actor: Actor, keep: Party, duplicates: Sequence[Party], reason: str, at: datetime) -> Party:
    """Make one party of several: every reference moves to `keep`, the duplicates stay as signposts. Nothing is deleted.

    Raises NotYours without the right to record decisions in the county; Refused without a reason of 5 characters, across counties or
    kinds, for a party merged before, or where codes show that they are not the same.
    """
    if not actor.organs("record_decision"):
        raise NotYours()
    if len(reason.strip()) < MIN_REASON:
        raise Refused(f"请写明合并的理由，不少于 {MIN_REASON} 个字。", field="reason")
    ids = {keep.pk, *(party.pk for party in duplicates)}
    locked = {party.pk: party for party in Party.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    kept = locked.pop(keep.pk)
    others = list(locked.values())
    _require_same(actor, kept, others)
    Party.objects.filter(pk__in=[party.pk for party in others]).update(merged_into=kept)
    Party.objects.filter(merged_into__in=others).update(merged_into=kept)
    moved = move_references(keep_id=kept.pk, duplicate_ids=[party.pk for party in others], at=at)
    filled = _complete(kept, others)
    kept.save(update_fields=filled)
    journal.write(
        verb="party.merge",
        actor=actor,
        subject=kept,
        at=at,
        before={"duplicates": [party.pk for party in others]},
        after={"moved": moved, **traces(kept, filled)},
        reason=reason.strip()[:500],
    )
    return kept


def _require_same(actor: Actor, kept: Party, others: Sequence[Party]) -> None:
    if not others:
        raise Refused("请至少选择一个要并入的主体。", field="duplicates")
    for party in (kept, *others):
        if party.county_id != actor.county_id:
            raise NotYours("不能合并其他县区的行政相对人。")
        if party.merged_into_id:
            raise Refused(f"“{party.name}”已经并入其他主体，不能再次合并。请刷新后重新选择。")
    for party in others:
        if (party.kind == PartyKind.NATURAL) != (kept.kind == PartyKind.NATURAL):
            raise Refused("自然人不能与单位或个体工商户合并。")
    for names, words in ((("uscc",), "统一社会信用代码"), (("id_type", "id_number"), "证件号码")):
        values = {code for party in (kept, *others) if any(code := tuple(getattr(party, name) for name in names))}
        if len(values) > 1:
            raise Refused(f"这些主体的{words}不同，不是同一个主体。如有一方登记错误，请先更正。")


def _complete(kept: Party, others: Sequence[Party]) -> list[str]:
    """Fill what the kept party lacks from its duplicates; returns the fields filled."""
    filled = []
    for name in TRACED[2:]:
        value = next((value for party in others if (value := getattr(party, name))), "")
        if value and not getattr(kept, name):
            setattr(kept, name, value)
            filled.append(name)
    return filled
