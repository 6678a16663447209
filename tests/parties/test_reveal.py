"""Personal data are masked; a reveal has a reason and leaves a trace."""

import pytest

from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal.digests import digest
from foundation.journal.models import Entry
from parties import masking
from parties.actions import register, reveal
from parties.models import Party

from .conftest import AT, COMPANY, PERSON, World


@pytest.fixture
def person(world: World) -> Party:
    return register(
        county_id=world.county.pk, kind="natural", name="张三（演示）", id_number=PERSON, phone="190-0000-0001", actor=world.clerk, at=AT
    )


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masking.masked_name, "欧阳娜娜", "欧*"),
        (masking.masked_number, PERSON, "640221********0019"),
        (masking.masked_number, "G1234567", "G******7"),
        (masking.masked_number, "12", "**"),
        (masking.masked_phone, "190-0000-0001", "190****0001"),
        (masking.masked_phone, "110", "***"),
        (masking.masked_address, "平罗县城关镇民族南大街12号3号楼101室", "平罗县城关镇民族南大街***"),
        (masking.masked_address, "平罗县姚伏镇永胜村5队18号", "平罗县姚伏镇永胜村***"),
        (masking.masked_address, "平罗县城关街道", "平罗县***"),
        (masking.masked_address, "某处", "***"),
        (masking.masked_address, "", ""),
    ],
)
def test_masks(mask: object, value: str, shown: str) -> None:
    assert mask(value) == shown  # type: ignore[operator]


def test_an_organisation_is_shown_as_it_is(world: World) -> None:
    firm = register(
        county_id=world.county.pk, kind="business", name="老张羊杂馆（演示）", uscc="92640221MAYY00070J", actor=world.clerk, at=AT
    )
    assert (masking.shown_name(firm), masking.shown_code(firm)) == ("老张羊杂馆（演示）", "92640221MAYY00070J")


def test_a_reveal_shows_the_value_and_is_journaled_with_its_reason(world: World, person: Party, matters: dict[int, set[int]]) -> None:
    matters[person.pk] = {world.bureau.pk}
    assert reveal(actor=world.clerk, party=person, field="id_number", reason="核对送达材料", at=AT) == PERSON
    entry = Entry.objects.get(verb="party.reveal")
    assert (entry.reason, entry.after) == ("核对送达材料", {"field": "id_number", "value": digest(PERSON)})


def test_without_a_matter_or_the_right_nothing_is_shown(
    world: World, other_world: World, person: Party, matters: dict[int, set[int]]
) -> None:
    with pytest.raises(NotYours):
        reveal(actor=world.clerk, party=person, field="phone", reason="核对送达材料", at=AT)
    matters[person.pk] = {world.bureau.pk, other_world.bureau.pk}
    bare = Actor(county_id=world.county.pk, client="web", organ_id=world.bureau.pk)
    for actor in (bare, other_world.clerk):
        with pytest.raises(NotYours):
            reveal(actor=actor, party=person, field="phone", reason="核对送达材料", at=AT)
    assert not Entry.objects.filter(verb="party.reveal").exists()


@pytest.mark.parametrize(("field", "reason"), [("phone", " 看看  "), ("pk", "核对送达材料")])
def test_a_reveal_needs_a_reason_and_a_known_field(
    world: World, person: Party, matters: dict[int, set[int]], field: str, reason: str
) -> None:
    matters[person.pk] = {world.bureau.pk}
    with pytest.raises(Refused):
        reveal(actor=world.clerk, party=person, field=field, reason=reason, at=AT)
    assert not Entry.objects.filter(verb="party.reveal").exists()


def test_the_company_code_is_public(world: World) -> None:
    firm = register(county_id=world.county.pk, kind="legal", name="塞上湖餐饮（演示）", uscc=COMPANY, actor=world.clerk, at=AT)
    assert masking.shown_code(firm) == COMPANY
