"""The pages of decisions as their readers get them: what is shown, to whom, in how many queries."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from approvals import actions
from approvals.models import Decision
from approvals.statuses import DecisionState
from foundation.common import clock
from foundation.deadlines import settling
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from foundation.papers.models import Attachment
from parties.models import Party
from pushes.actions import claim
from pushes.models import Push
from tests.approvals.world import Person, World, moment

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def text_of(client: Client, name: str, *args: int, **params: str) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200
    return answer.content.decode()


def posted(world: World, **changes: str) -> dict[str, str]:
    values = {
        "handling_item": str(world.handling.pk),
        "party": str(world.party.pk),
        "kind": "grant",
        "decided_on": "2026-10-12",
        "content": "热食类食品制售",
        "document_number": "石行审许[2026]第0408号",
        "commitment_mode": "none",
    }
    return values | changes


def test_the_list_shows_who_claimed_and_its_segments(world: World) -> None:
    world.issued()
    world.submitted(document_number="石行审许〔2026〕0409号")
    claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    shown = text_of(world.drafter.browser(), "decision_list")
    assert "3 个部门，1 个已认领" in shown and "待签发 1" in shown
    assert "石行审许〔2026〕0409号" not in text_of(world.drafter.browser(), "decision_list", state="issued")
    assert "石行审许〔2026〕0409号" not in text_of(world.liaisons[0].browser(), "decision_list")


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"text": "赣江源"}, True),
        ({"text": "0407号 赣江源"}, True),
        ({"text": "没有"}, False),
        ({"days": "7"}, True),
        ({"state": "draft"}, False),
        ({"item": "abc", "page": "99", "state": "'"}, True),
    ],
)
def test_the_filter(world: World, params: dict[str, str], found: bool) -> None:
    world.issued()
    assert ("石行审许〔2026〕0407号" in text_of(world.drafter.browser(), "decision_list", **params)) is found


def test_the_list_costs_the_same_for_one_and_for_many(world: World) -> None:
    world.issued()
    client = world.drafter.browser()
    text_of(client, "decision_list")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(client, "decision_list")
        return len(queries)

    one = cost()
    for number in range(8):
        world.issued(document_number=f"石行审许〔2026〕05{number:02d}号")
    assert cost() == one


def test_the_export_holds_the_same_rows(world: World) -> None:
    world.issued()
    answer = world.drafter.browser().get(reverse("decision_export"))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[2][0] == "石行审许〔2026〕0407号" and rows[2][8:12] == (3, 0, 0, 3)


@pytest.mark.provision("SC-26c")
def test_the_life_shows_a_lapse_whether_or_not_the_sweep_ran_with_both_moments_after_it(world: World) -> None:
    decision = world.issued()
    claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    with clock.frozen(moment("2026-10-20 08:00")):
        before = text_of(world.drafter.browser(), "decision_page", decision.pk)
        settling.sweep(at=moment("2026-10-20 08:00"))
        after = text_of(world.drafter.browser(), "decision_page", decision.pk)
    for shown in (before, after):
        assert "3 个部门，1 个主动认领，2 个自动认领" in shown
        assert "系统 10月19日（一）24:00" in shown
    assert "记录 10月20日 08:00" in after and "还没有写入记录" in before


def test_what_is_owed_names_a_person_and_can_be_reminded_once_a_day(world: World) -> None:
    decision = world.issued()
    client = world.drafter.browser()
    assert "联络员0 0797-5700001" in text_of(client, "decision_page", decision.pk)
    row = Deadline.objects.filter(term__key="claim").order_by("pk")[0]
    Notice.objects.all().delete()
    address = reverse("decision_remind", args=[decision.pk, row.pk])
    client.post(address)
    client.post(address)
    assert Notice.objects.filter(kind="reminder").count() == 1
    assert Entry.objects.filter(verb="clock.remind", subject_id=row.pk).count() == 1
    assert "今天已提醒" in text_of(client, "decision_page", decision.pk)
    assert world.liaisons[0].browser().post(address).status_code == 404


def test_a_persons_data_are_masked(world: World) -> None:
    Party.objects.update(kind="natural", name="李小明", uscc="", id_type="身份证", id_number="360735199001011234")
    world.party.refresh_from_db()
    decision = world.issued(party_contact="李小明 13800001234", party_address="石城县琴江镇西华南路 18 号 3 单元")
    shown = text_of(world.drafter.browser(), "decision_page", decision.pk)
    assert "李小明" not in shown and "13800001234" not in shown and "360735199001011234" not in shown and "3 单元" not in shown


def test_other_organs_and_other_counties_get_404(world: World, other_county: World) -> None:
    decision = world.submitted()
    for person in (world.liaisons[0], other_county.issuer):
        client = person.browser()
        for name in ("decision_page", "decision_edit", "decision_route", "decision_correct"):
            assert client.get(reverse(name, args=[decision.pk])).status_code == 404
        for name in ("decision_issue", "decision_submit", "decision_papers"):
            assert client.post(reverse(name, args=[decision.pk])).status_code == 404
        assert client.post(reverse("decision_send_back", args=[decision.pk]), {"reason": "试试看"}).status_code == 404
    assert Decision.objects.get().state == DecisionState.SUBMITTED


def test_a_receiver_reads_the_life_but_has_no_acts(world: World) -> None:
    decision = world.issued()
    shown = text_of(world.liaisons[1].browser(), "decision_page", decision.pk)
    assert "推送许可结果，3 个部门" in shown and "更正或作废" not in shown and 'name="papers"' not in shown and "提醒对方" not in shown


def test_a_department_cannot_open_the_form(world: World) -> None:
    assert world.liaisons[0].browser().get(reverse("decision_new")).status_code == 403


def test_the_form_saves_a_draft_with_its_papers_and_number(world: World) -> None:
    upload = SimpleUploadedFile("准予行政许可决定书.pdf", PDF, content_type="application/pdf")
    answer = world.drafter.browser().post(reverse("decision_new"), posted(world, document_number="", next_number="on") | {"papers": upload})
    decision = Decision.objects.get()
    assert answer.status_code == 302 and decision.state == DecisionState.DRAFT
    assert decision.document_number == "石行审许〔2026〕0001号"
    assert Attachment.objects.get().subject_id == decision.pk


def test_the_form_registers_a_new_party_and_submits_at_once(world: World) -> None:
    fields = posted(
        world,
        party="",
        new_kind="business",
        new_name="石城县小松镇华亭小吃店（演示）",
        new_phone="19000000012",
        new_address="小松镇",
        submit="1",
    )
    world.drafter.browser().post(reverse("decision_new"), fields)
    decision = Decision.objects.get()
    assert decision.state == DecisionState.SUBMITTED and decision.party.name == "石城县小松镇华亭小吃店（演示）"
    assert decision.document_number == "石行审许〔2026〕0408号"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"content": ""}, "缺少许可内容"),
        ({"decided_on": "2026-10-13"}, "许可日期不能晚于今天"),
        ({"handling_item": ""}, "没有选择审批事项"),
        ({"valid_from": "2026-10-12", "valid_to": "2026-10-01"}, "有效期止早于有效期起"),
        ({"party": ""}, "请选择行政相对人"),
        ({"commitment_mode": "post_check"}, "不适用这种告知承诺方式"),
        ({"party": "", "new_kind": "legal", "new_name": "甲公司", "new_uscc": "91360735MAYY020100"}, "信用代码"),
        ({"content": "秘密★1年"}, "涉密事项不得进入本系统"),
    ],
)
def test_what_blocks_is_said_beside_the_field_and_nothing_is_saved(world: World, change: dict[str, str], words: str) -> None:
    parties = Party.objects.count()
    answer = world.drafter.browser().post(reverse("decision_new"), posted(world, submit="1", **change))
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not Decision.objects.exists() and Party.objects.count() == parties


def test_items_and_parties_of_another_county_are_no_choices(world: World, other_county: World) -> None:
    client = world.drafter.browser()
    for change in ({"handling_item": str(other_county.handling.pk)}, {"party": str(other_county.party.pk)}):
        assert client.post(reverse("decision_new"), posted(world, **change)).status_code == 200
    assert not Decision.objects.exists()
    assert "保康县" not in text_of(client, "party_pick", find_party="赣江源餐饮")
    assert text_of(client, "handling_pick", find_item="食品").count("radio") == 1


@pytest.mark.provision("SC-26a")
def test_the_preview_names_each_organ_with_its_date_and_reason(world: World) -> None:
    shown = text_of(world.drafter.browser(), "target_preview", handling_item=str(world.handling.pk), decided_on="2026-10-12")
    assert "将推送给 3 个部门" in shown and "10月19日（一）24:00" in shown and "第二十六条" in shown
    assert "选好办理项" in text_of(world.drafter.browser(), "target_preview", handling_item="x", decided_on="y")


@pytest.mark.provision("PL-03a")
def test_issue_button_is_there_for_a_second_person_only(world: World) -> None:
    decision = actions.draft(actor=world.issuer.actor, organ_id=world.bureau.pk, values=world.values())
    actions.submit(actor=world.issuer.actor, decision_id=decision.pk)
    shown = text_of(world.issuer.browser(), "decision_page", decision.pk)
    assert "您是起草人" in shown and "签发并推送" not in shown
    other = world.submitted(document_number="石行审许〔2026〕0410号")
    assert "签发并推送" in text_of(world.issuer.browser(), "decision_page", other.pk)
    world.issuer.browser().post(reverse("decision_issue", args=[other.pk]))
    assert Push.objects.filter(payload_id=other.pk).count() == 3


def test_the_report_form_and_the_pen(world: World) -> None:
    client = world.drafter.browser()
    client.post(reverse("decision_report"), posted(world, handling_item="", item_text="食品许可（餐饮）", intake="live"))
    decision = Decision.objects.get()
    assert decision.state == DecisionState.UNROUTED
    assert "食品许可（餐饮）" in text_of(client, "routing_pen")
    text_of(client, "decision_route", decision.pk)
    assert "请先选择对应" in client.post(reverse("decision_route", args=[decision.pk])).content.decode()
    client.post(reverse("decision_route", args=[decision.pk]), {"handling_item": str(world.handling.pk)})
    assert Push.objects.count() == 3


@pytest.mark.parametrize("who", ["receiver", "stranger", "neighbour"])
def test_papers_open_for_the_bureau_and_for_receivers_of_a_live_push(world: World, other_county: World, who: str) -> None:
    decision = world.issued()
    with_file = SimpleUploadedFile("决定书.pdf", PDF, content_type="application/pdf")
    world.drafter.browser().post(reverse("decision_papers", args=[decision.pk]), {"papers": with_file})
    address = reverse("attachment", args=[Attachment.objects.get().public_id])
    Push.objects.filter(receiver=world.departments[1]).update(state="withdrawn")
    reader: dict[str, tuple[Person, int]] = {
        "receiver": (world.liaisons[0], 200),
        "stranger": (world.liaisons[1], 404),
        "neighbour": (other_county.drafter, 404),
    }
    person, status = reader[who]
    assert person.browser().get(address).status_code == status


def test_a_list_of_last_weeks_leaves_out_older_ones(world: World) -> None:
    old = date(2026, 10, 12) - timedelta(days=7)
    world.issued(decided_on=old)
    assert "0407号" not in text_of(world.drafter.browser(), "decision_list", days="7")
