"""The catalogue's pages, as a keeper, a colleague, another county and the public see them."""

import io
from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from catalogue.models import CatalogueImport, HandlingItem, Item, Mapping, Power
from foundation.organizations.models import Membership, OrganGrant, User

from .conftest import START, World
from .sheets import GOOD, sheet


def signed_in(world: World, name: str, *permissions: str) -> Client:
    group = Group.objects.create(name=f"{world.county.code}-{name}")
    for permission in Permission.objects.filter(codename__in=permissions):
        OrganGrant.objects.create(group=group, permission=permission, content_object=world.bureau)
    user = User.objects.create(username=f"{world.county.code}-{name}", full_name=name)
    Membership.objects.create(user=user, organ=world.bureau, role="section_head", group=group, valid_from=START)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def keeper(world: World) -> Client:
    return signed_in(world, "目录员", "manage_catalogue")


@pytest.fixture
def colleague(world: World) -> Client:
    return signed_in(world, "同事")


def text(response) -> str:
    return response.content.decode()


def test_the_list_names_who_supervises_and_what_is_unmapped(world: World, colleague: Client) -> None:
    item = world.item()
    world.supervise(world.handling(item))
    world.handling(item, "变更")
    page = text(colleague.get(reverse("catalogue")))
    assert "对食品经营者的监督检查" in page and "未关联，决定推不出去" in page
    assert "新增事项" not in page and 'name="handling"' not in page
    assert "变更" not in text(colleague.get(reverse("catalogue"), {"organ": world.market.pk})).split("<tbody>")[1]
    assert "新办" not in text(colleague.get(reverse("catalogue"), {"mapped": "no"})).split("<tbody>")[1]
    assert "没有符合条件" in text(colleague.get(reverse("catalogue"), {"mode": "D"}))
    assert colleague.get(reverse("catalogue"), {"organ": "9" * 30, "page": "x"}).status_code == 200


def test_the_list_takes_as_many_queries_for_many_rows_as_for_few(world: World, keeper: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            keeper.get(reverse("catalogue"))
        return len(captured)

    world.supervise(world.handling(world.item()))
    queries()
    few = queries()
    for number in range(12):
        item = world.item(f"事项{number}")
        world.supervise(world.handling(item), world.handling(item, "变更"), name=f"监管{number}")
    assert queries() == few


def test_bulk_mapping_from_the_list(world: World, keeper: Client) -> None:
    item = world.item()
    rows = [world.handling(item, name) for name in ("新办", "变更", "延续")]
    ids = [row.pk for row in rows]
    assert "所选 3 个业务办理项" in text(keeper.get(reverse("catalogue_map"), {"handling": ids}))
    form = {"handling": ids, "organ": world.market.pk, "new_matter": "对食品经营者的监督检查", "mode": "K", "valid_from": "2026-10-01"}
    assert "请选择监管事项" in text(keeper.post(reverse("catalogue_map"), form | {"new_matter": ""}))
    assert not Mapping.objects.exists()
    assert keeper.post(reverse("catalogue_map"), form).status_code == 302
    assert Mapping.objects.count() == 3
    assert keeper.post(reverse("catalogue_map"), form).status_code == 302
    assert Mapping.objects.count() == 3


def test_the_item_page_offers_its_acts_to_the_keeper_only(world: World, keeper: Client, colleague: Client) -> None:
    item = world.item()
    world.handling(item)
    address = reverse("catalogue_item", args=[item.pk])
    assert "划转审批职责" in text(keeper.get(address))
    assert "划转审批职责" not in text(colleague.get(address))
    alter = {"statutory_limit_days": 20, "promised_limit_days": 3, "basis": "食品安全法第三十五条", "reason": "压缩时限"}
    assert keeper.post(reverse("catalogue_item_alter", args=[item.pk]), alter).status_code == 302
    item.refresh_from_db()
    assert (item.promised_limit_days, item.public) == (3, {"basis": "食品安全法第三十五条"})
    wrong = text(keeper.post(reverse("catalogue_item_alter", args=[item.pk]), alter | {"promised_limit_days": 90}))
    assert "承诺时限不能长于法定时限" in wrong and "食品安全法第三十五条" in wrong
    assert colleague.post(reverse("catalogue_item_alter", args=[item.pk]), alter).status_code == 403
    item.refresh_from_db()
    assert item.promised_limit_days == 3


def test_acts_on_the_item_page(world: World, keeper: Client) -> None:
    item = world.item()
    add = {"name": "变更", "code": "H2", "commitment_mode": "none", "valid_from": "2026-10-01"}
    keeper.post(reverse("catalogue_item_handling", args=[item.pk]), add)
    assert HandlingItem.objects.get().code == "H2"
    grant = {"organ": world.market.pk, "verb": "penalise", "valid_from": "2026-10-01", "document": "权责清单"}
    keeper.post(reverse("catalogue_item_power", args=[item.pk]), grant)
    power = Power.objects.get(verb="penalise")
    assert "日期重叠" in text(keeper.post(reverse("catalogue_item_power", args=[item.pk]), grant))
    end = {"last_day": "2026-10-31", "reason": "清单调整"}
    keeper.post(reverse("catalogue_power_end", args=[item.pk, power.pk]), end)
    power.refresh_from_db()
    assert power.valid_to == date(2026, 10, 31)
    move = {"to_organ": world.market.pk, "on": "2026-11-01", "kind": "convert", "document": "转为备案"}
    keeper.post(reverse("catalogue_item_transfer", args=[item.pk]), move)
    item.refresh_from_db()
    assert item.bureau == world.market
    keeper.post(reverse("catalogue_item_end", args=[item.pk]), end | {"last_day": "2026-12-31", "still_supervised": "yes"})
    item.refresh_from_db()
    assert item.status == "cancelled_still_supervised"


def test_a_new_item_with_its_first_handling_item(world: World, keeper: Client, colleague: Client) -> None:
    form = {
        "name": "食品经营许可",
        "handling_item": "新办",
        "kind": "licence",
        "status": "transferred",
        "bureau": world.bureau.pk,
        "statutory_limit_days": 20,
        "promised_limit_days": 5,
        "valid_from": "2026-10-01",
    }
    assert keeper.post(reverse("catalogue_item_new"), form).status_code == 302
    assert HandlingItem.objects.get().full_name == "食品经营许可·新办"
    assert "已有事项" in text(keeper.post(reverse("catalogue_item_new"), form))
    assert colleague.get(reverse("catalogue_item_new")).status_code == 403
    assert Item.objects.count() == 1


def test_import_in_three_steps(world: World, keeper: Client) -> None:
    good, bad = GOOD, GOOD | {"handling_item": "变更", "handling_code": "H02", "organ": "水务局"}
    stream = sheet(good, bad)
    stream.name = "目录.xlsx"
    form = {
        "sheet": stream,
        "bureau": world.bureau.pk,
        "valid_from": "2021-05-01",
        "batch_number": 1,
        "batch_document": "首批划转方案",
        "printed_items": 1,
        "printed_handling_items": 3,
    }
    answer = keeper.post(reverse("catalogue_import"), form)
    one = CatalogueImport.objects.get()
    assert answer.url == reverse("catalogue_import_page", args=[one.pk])
    page = text(keeper.get(answer.url))
    assert "没有名为“水务局”的单位" in page and "不相符" in page and "只导入没有问题的 1 行" in page
    book = load_workbook(io.BytesIO(b"".join(keeper.get(reverse("catalogue_import_bad", args=[one.pk])).streaming_content)))
    assert "没有名为" in next(row[18] for row in book.active.values if row[0] == "食品经营许可")
    assert keeper.post(reverse("catalogue_import_apply", args=[one.pk]), {"only_good": "yes"}).status_code == 302
    assert Mapping.objects.count() == 1
    assert "已导入" in text(keeper.get(answer.url))


def test_a_file_that_is_no_sheet_is_refused_beside_its_field(world: World, keeper: Client) -> None:
    stream = io.BytesIO(b"%PDF-1.7\n")
    stream.name = "目录.xlsx"
    page = text(keeper.post(reverse("catalogue_import"), {"sheet": stream, "bureau": world.bureau.pk, "valid_from": "2021-05-01"}))
    assert "不是 Excel 表格" in page
    assert not CatalogueImport.objects.exists()


def test_the_export_is_a_sheet_without_formulas_that_can_be_imported_again(world: World, colleague: Client, keeper: Client) -> None:
    world.supervise(world.handling(world.item("=cmd|' /C calc'!A0"), code="H01"), world.handling(world.item("食品经营许可")))
    content = b"".join(colleague.get(reverse("catalogue_export")).streaming_content)
    (cell,) = [row[0] for row in load_workbook(io.BytesIO(content)).active.iter_rows() if str(row[0].value).startswith("=cmd")]
    assert cell.data_type == "s"
    stream = io.BytesIO(content)
    stream.name = "目录.xlsx"
    keeper.post(reverse("catalogue_import"), {"sheet": stream, "bureau": world.bureau.pk, "valid_from": "2026-10-01"})
    one = CatalogueImport.objects.get()
    keeper.post(reverse("catalogue_import_apply", args=[one.pk]), {"only_good": "yes"})
    one.refresh_from_db()
    assert (one.result["unchanged"], one.result["mappings"], one.result["refused"]) == (1, 0, 1)


def test_the_coverage_page_reads_for_everybody(world: World, keeper: Client, colleague: Client) -> None:
    world.handling(world.item())
    assert "未关联监管部门的业务办理项" in text(colleague.get(reverse("catalogue_coverage")))
    assert reverse("catalogue_map") + "?handling=" in text(keeper.get(reverse("catalogue_coverage")))


def test_another_county_finds_nothing(world: World, other_world: World, keeper: Client) -> None:
    foreign = other_world.item("石城独有许可")
    other_world.supervise(other_world.handling(foreign), name="石城监管")
    one = CatalogueImport.objects.create(
        county=other_world.county,
        bureau=other_world.bureau,
        file_name="x",
        sha256="0" * 64,
        valid_from=START,
        uploaded_at="2026-10-01T00:00Z",
    )
    for name, key in (
        ("catalogue_item", foreign.pk),
        ("catalogue_import_page", one.pk),
        ("catalogue_import_bad", one.pk),
    ):
        assert keeper.get(reverse(name, args=[key])).status_code == 404
    for name in ("alter", "handling", "power", "transfer", "end"):
        assert keeper.post(reverse(f"catalogue_item_{name}", args=[foreign.pk]), {}).status_code == 404
    assert keeper.post(reverse("catalogue_import_apply", args=[one.pk])).status_code == 404
    assert "石城独有许可" not in text(keeper.get(reverse("catalogue")))
    assert "石城独有许可" not in text(keeper.get(reverse("catalogue_map"), {"handling": HandlingItem.objects.get().pk}))


@pytest.mark.parametrize(
    "name", ["catalogue", "catalogue_export", "catalogue_coverage", "catalogue_map", "catalogue_item_new", "catalogue_import"]
)
def test_nobody_reads_without_a_log_in(db: None, name: str) -> None:
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.provision("BS-15a")
@pytest.mark.provision("PT-21b")
@pytest.mark.provision("SC-10")
@pytest.mark.provision("SC-08")
@pytest.mark.provision("BA-08")
def test_the_public_reads_the_catalogue_and_its_changes(world: World, keeper: Client) -> None:
    item = world.item(public={"basis": "食品安全法第三十五条", "fees": "不收费"}, service_tags=["online"])
    world.supervise(world.handling(item))
    hidden = world.item("涉密许可", secret=True)
    world.handling(hidden)
    alter = {"statutory_limit_days": 20, "promised_limit_days": 3, "basis": "食品安全法第三十五条", "reason": "压缩时限的决定"}
    keeper.post(reverse("catalogue_item_alter", args=[item.pk]), alter)
    public = Client()
    listed = text(public.get(reverse("public_catalogue", args=["640221"])))
    assert "食品经营许可·新办" in listed and world.market.name in listed and "涉密许可" not in listed
    page = text(public.get(reverse("public_item", args=["640221", item.pk])))
    assert "食品安全法第三十五条" in page and "压缩时限的决定" in page and "目录员" not in page
    assert public.get(reverse("public_item", args=["640221", hidden.pk])).status_code == 404
    assert public.get(reverse("public_item", args=["360735", item.pk])).status_code == 404
