"""A party is recognised by its codes and registered once."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from parties.actions import register, register_many
from parties.identity import PartyData
from parties.models import Party

from .conftest import AT, COLLECTIVE, COMPANY, OTHER_COMPANY, OTHER_PERSON, PERSON, World


def sign_up(world: World, name: str = "平罗县塞上湖餐饮管理有限公司（演示）", kind: str = "legal", **fields: str) -> Party:
    return register(county_id=world.county.pk, kind=kind, name=name, actor=world.clerk, at=AT, **fields)


def test_a_credit_code_recognises_whatever_the_name_looks_like(world: World) -> None:
    first = sign_up(world, uscc=COMPANY)
    again = sign_up(world, "塞上湖餐饮", uscc=" ９１６４０２２１ＭＡＹＹ０００１０Ｆ ".lower())
    assert again.pk == first.pk
    assert Party.objects.count() == 1
    assert Party.objects.get().name == "平罗县塞上湖餐饮管理有限公司（演示）"


def test_codes_of_rural_collectives_are_accepted(world: World) -> None:
    assert sign_up(world, "红旗村经济合作社（演示）", uscc=COLLECTIVE).uscc == COLLECTIVE


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"uscc": COMPANY[:-1] + "A"}, "uscc", "校验位不对"),
        ({"uscc": "12345"}, "uscc", "18 位"),
        ({"kind": "natural", "id_type": "身份证", "id_number": PERSON[:-1] + "8"}, "id_number", "校验位不对"),
        ({"name": "  "}, "name", "没有填写"),
        ({"kind": "ghost"}, "kind", "类别"),
        ({"phone": "1" * 31}, "phone", "超过 30"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_field(world: World, fields: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        sign_up(world, **fields)
    assert refusal.value.field == field
    assert not Party.objects.exists()


def test_an_organisation_without_code_is_recognised_by_its_exact_name_and_completed(world: World) -> None:
    first = sign_up(world)
    again = sign_up(world, uscc=COMPANY, phone="190-0000-0001")
    assert again.pk == first.pk
    stored = Party.objects.get()
    assert (stored.uscc, stored.phone) == (COMPANY, "190-0000-0001")
    assert Entry.objects.filter(verb="party.complete").count() == 1
    other = sign_up(world, uscc=OTHER_COMPANY)
    assert other.pk != first.pk
    with pytest.raises(Refused, match="同名"):
        sign_up(world)


def test_two_people_of_one_name_stay_two(world: World) -> None:
    one = sign_up(world, "张三（演示）", "natural", id_type="居民身份证", id_number=PERSON)
    two = sign_up(world, "张三（演示）", "natural", id_number=OTHER_PERSON)
    nobody = sign_up(world, "张三（演示）", "natural")
    by_phone = sign_up(world, "张三（演示）", "natural", phone="19000000001")
    assert len({one.pk, two.pk, nobody.pk, by_phone.pk}) == 4
    assert sign_up(world, "张三（演示）", "natural", phone="19000000001").pk == by_phone.pk
    assert sign_up(world, "张三", "natural", id_type="身份证", id_number=PERSON).pk == one.pk
    masked = sign_up(world, "李四（演示）", "natural", id_type="身份证", id_number="640221********0019")
    assert masked.id_number == ""


def test_what_is_known_is_never_overwritten(world: World) -> None:
    sign_up(world, uscc=COMPANY, address="平罗县城关镇民族街1号")
    sign_up(world, uscc=COMPANY, address="别处")
    assert Party.objects.get().address == "平罗县城关镇民族街1号"


def test_no_personal_value_stands_in_the_journal_in_the_clear(world: World) -> None:
    sign_up(world, "张三（演示）", "natural", id_number=PERSON, phone="19000000001", address="平罗县城关镇民族街1号")
    written = json.dumps(list(Entry.objects.values("before", "after", "reason")), ensure_ascii=False)
    assert "party" not in written
    for value in ("张三", PERSON, "19000000001", "民族街"):
        assert value not in written
    assert "hmac" in written


def test_many_rows_take_few_statements_and_answer_in_order(world: World) -> None:
    sign_up(world, uscc=COMPANY)
    rows = [PartyData(kind="legal", name=f"平罗县第{number}商店（演示）") for number in range(1000)]
    rows += [PartyData(kind="legal", name="", uscc=""), PartyData(kind="legal", name="塞上湖", uscc=COMPANY), rows[0]]
    with CaptureQueriesContext(connection) as queries:
        found = register_many(county_id=world.county.pk, rows=rows, actor=world.clerk, at=AT)
    assert len(queries) <= 12
    assert isinstance(found[1000], Refused)
    assert isinstance(found[1001], Party) and found[1001].uscc == COMPANY
    assert isinstance(found[0], Party) and found[1002] is found[0]
    assert Party.objects.count() == 1001
    again = register_many(county_id=world.county.pk, rows=rows, actor=world.clerk, at=AT)
    assert [party.pk for party in again if isinstance(party, Party)] == [party.pk for party in found if isinstance(party, Party)]


def test_another_county_registers_for_itself(world: World, other_world: World) -> None:
    first = sign_up(world, uscc=COMPANY)
    second = sign_up(other_world, uscc=COMPANY)
    assert first.pk != second.pk
    with pytest.raises(NotYours):
        register(county_id=world.county.pk, kind="legal", name="越县", actor=other_world.clerk, at=AT)
