"""The parties' pages show masked data and nothing of another county."""

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.journal.models import Entry
from foundation.organizations.models import Membership, OrganGrant, User
from parties.actions import register
from parties.models import Party

from .conftest import AT, COMPANY, PERSON, World


@pytest.fixture
def clerk(world: World) -> Client:
    group = Group.objects.create(name="窗口")
    for permission in Permission.objects.filter(codename__in=["view_matter", "record_decision", "reveal_person"]):
        OrganGrant.objects.create(group=group, permission=permission, content_object=world.bureau)
    user = User.objects.create(username="wangmin", full_name="王敏")
    Membership.objects.create(user=user, organ=world.bureau, role="window_clerk", group=group, valid_from=date(2021, 5, 1))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def person(world: World) -> Party:
    return register(
        county_id=world.county.pk,
        kind="natural",
        name="张三丰",
        id_number=PERSON,
        phone="190-0000-0001",
        address="平罗县姚伏镇永胜村5队18号",
        actor=world.clerk,
        at=AT,
    )


def text(response) -> str:
    return response.content.decode()


def test_a_natural_person_is_masked_on_list_and_page(person: Party, clerk: Client) -> None:
    for page in (text(clerk.get(reverse("party_list"))), text(clerk.get(reverse("party_page", args=[person.pk])))):
        assert "张*" in page and "640221********0019" in page and "平罗县姚伏镇永胜村***" in page
        for value in ("张三丰", PERSON, "190-0000-0001", "5队18号"):
            assert value not in page


def test_search_finds_firms_by_a_part_and_people_by_the_whole(world: World, person: Party, clerk: Client) -> None:
    register(county_id=world.county.pk, kind="legal", name="平罗县塞上湖餐饮（演示）", uscc=COMPANY, actor=world.clerk, at=AT)

    def found(words: str) -> int:
        return text(clerk.get(reverse("party_list"), {"q": words})).count("ld-thing")

    assert [found(words) for words in ("塞上湖", COMPANY.lower(), "张三丰", PERSON)] == [1, 1, 1, 1]
    assert [found(words) for words in ("张三", "640221", "塞")] == [0, 0, 0]


def test_a_reveal_on_the_page_needs_a_reason_and_shows_once(
    world: World, person: Party, clerk: Client, matters: dict[int, set[int]]
) -> None:
    address = reverse("party_reveal", args=[person.pk])
    assert clerk.post(address, {"field": "phone", "reason": "核对送达地址"}).status_code == 403
    matters[person.pk] = {world.bureau.pk}
    refused = text(clerk.post(address, {"field": "phone", "reason": "看"}))
    assert "不少于 5 个字" in refused and "190-0000-0001" not in refused
    answer = clerk.post(address, {"field": "phone", "reason": "核对送达地址"})
    assert "190-0000-0001" in text(answer) and PERSON not in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.filter(verb="party.reveal").count() == 1
    assert "190-0000-0001" not in text(clerk.get(reverse("party_page", args=[person.pk])))


def test_duplicates_are_offered_and_merged(world: World, clerk: Client) -> None:
    keep = register(county_id=world.county.pk, kind="legal", name="平罗县塞上湖餐饮管理有限公司", uscc=COMPANY, actor=world.clerk, at=AT)
    double = register(county_id=world.county.pk, kind="legal", name="平罗县塞上湖餐饮有限公司", actor=world.clerk, at=AT)
    assert double.name in text(clerk.get(reverse("party_page", args=[keep.pk])))
    clerk.post(reverse("party_merge", args=[keep.pk]), {"duplicate": [double.pk], "reason": "同一家企业"})
    double.refresh_from_db()
    assert double.merged_into_id == keep.pk
    assert "已经并入" in text(clerk.get(reverse("party_page", args=[double.pk])))
    assert double.name not in text(clerk.get(reverse("party_list")))


def test_another_county_finds_nothing(world: World, other_world: World, clerk: Client) -> None:
    foreign = register(county_id=other_world.county.pk, kind="legal", name="石城白莲食品", actor=other_world.clerk, at=AT)
    assert clerk.get(reverse("party_page", args=[foreign.pk])).status_code == 404
    assert clerk.post(reverse("party_reveal", args=[foreign.pk]), {"field": "phone", "reason": "核对送达地址"}).status_code == 404
    assert clerk.post(reverse("party_merge", args=[foreign.pk]), {"reason": "同一家企业"}).status_code == 404
    assert "石城白莲" not in text(clerk.get(reverse("party_list"), {"q": "白莲"}))
    assert Client().get(reverse("party_list")).status_code == 302


def test_the_list_takes_as_many_queries_for_many_parties_as_for_few(world: World, clerk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            clerk.get(reverse("party_list"))
        return len(captured)

    register(county_id=world.county.pk, kind="legal", name="甲公司", actor=world.clerk, at=AT)
    queries()
    few = queries()
    for number in range(20):
        register(county_id=world.county.pk, kind="legal", name=f"乙公司{number}", actor=world.clerk, at=AT)
    assert queries() == few
