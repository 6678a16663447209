"""Duplicates become one party, and nothing is deleted."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from parties.actions import merge, register
from parties.merging import party_merged
from parties.models import Party

from .conftest import AT, COMPANY, OTHER_COMPANY, PERSON, World


def firm(world: World, name: str, **fields: str) -> Party:
    return register(county_id=world.county.pk, kind=fields.pop("kind", "legal"), name=name, actor=world.clerk, at=AT, **fields)


def test_references_move_and_the_duplicate_stays_as_a_signpost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[tuple[int, list[int]]] = []

    def move(*, keep_id: int, duplicate_ids: Sequence[int], at: datetime) -> int:
        moved.append((keep_id, list(duplicate_ids)))
        return 3

    monkeypatch.setattr(party_merged, "_handlers", {"tests": [move]})
    keep, double = firm(world, "塞上湖餐饮（演示）"), firm(world, "平罗塞上湖餐饮（演示）", uscc=COMPANY, phone="19000000001")
    merge(actor=world.clerk, keep=keep, duplicates=[double], reason="同一家企业", at=AT)
    keep.refresh_from_db()
    double.refresh_from_db()
    assert moved == [(keep.pk, [double.pk])]
    assert (keep.uscc, keep.phone, double.merged_into_id) == (COMPANY, "19000000001", keep.pk)
    assert Entry.objects.get(verb="party.merge").after["moved"] == 3
    assert firm(world, "平罗塞上湖餐饮（演示）", uscc=COMPANY).pk == keep.pk


def test_what_is_plainly_not_the_same_is_refused(world: World, other_world: World) -> None:
    one, two = firm(world, "甲公司（演示）", uscc=COMPANY), firm(world, "乙公司（演示）", uscc=OTHER_COMPANY)
    person = firm(world, "张三（演示）", kind="natural", id_number=PERSON)
    foreign = firm(other_world, "丙公司（演示）")
    for duplicate, words in ((two, "信用代码不同"), (person, "自然人不能"), (one, "至少选择一个")):
        with pytest.raises(Refused, match=words):
            merge(actor=world.clerk, keep=one, duplicates=[duplicate], reason="同一家企业", at=AT)
    with pytest.raises(NotYours):
        merge(actor=world.clerk, keep=one, duplicates=[foreign], reason="同一家企业", at=AT)
    with pytest.raises(Refused, match="理由"):
        merge(actor=world.clerk, keep=one, duplicates=[two], reason="重复", at=AT)
    with pytest.raises(NotYours):
        bare = Actor(county_id=world.county.pk, client="web", organ_id=world.bureau.pk)
        merge(actor=bare, keep=one, duplicates=[two], reason="同一家企业", at=AT)
    assert not Party.objects.exclude(merged_into=None).exists()


def test_a_merged_party_is_not_merged_again(world: World) -> None:
    one, two, three = (firm(world, f"{name}公司（演示）") for name in "甲乙丙")
    merge(actor=world.clerk, keep=one, duplicates=[two], reason="同一家企业", at=AT)
    with pytest.raises(Refused, match="已经并入"):
        merge(actor=world.clerk, keep=three, duplicates=[two], reason="同一家企业", at=AT)
    merge(actor=world.clerk, keep=three, duplicates=[one], reason="同一家企业", at=AT)
    assert Party.objects.get(pk=two.pk).merged_into_id == three.pk
