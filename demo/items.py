"""The demo catalogue: 100 items and 258 handling items, split as the transfer plan's printed numbers say (PT-03). The names are ordinary
county items; the split is invented and has nothing to do with any county's real list."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from catalogue.models import HandlingItem, Item, Mapping, Power, SupervisionItem
from catalogue.statuses import CommitmentMode, Verb
from demo.people import Town

FILE = Path(__file__).parent / "data" / "items.csv"
TRANSFERRED_ON = date(2021, 5, 1)
BUREAU_VERBS = (Verb.DECIDE, Verb.ALTER, Verb.RENEW, Verb.WITHDRAW, Verb.REVOKE, Verb.DEREGISTER)
DEPARTMENT_VERBS = (Verb.INSPECT, Verb.PENALISE, Verb.RESCIND)
ALSO_SUPERVISED = {
    "食品经营许可": "weijian",
    "公共场所卫生许可": "shichang",
    "建筑工程施工许可证核发": "renshe",
    "互联网上网服务营业场所经营单位设立审批": "shichang",
    "民办中等及以下学校和其他教育机构审批": "minzheng",
    "取水许可": "shengtai",
}
"""Items that a second department supervises too, so that one decision goes to several (E-06)."""
COMMITMENT = {"新办（告知承诺）": CommitmentMode.POST_CHECK}


def load(town: Town) -> list[HandlingItem]:
    """Items, handling items, mapping and powers of one county, for the departments it has."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = {organ.short_name: key for key, organ in town.organs.items()}
    items: dict[str, Item] = {}
    matters: dict[tuple[str, str], SupervisionItem] = {}
    handling: list[HandlingItem] = []
    mappings: list[Mapping] = []
    for row in rows:
        name = row["supervising_department"].replace("平罗", town.county.name[:-1])
        if name not in keys:
            continue
        item = items.get(row["item"]) or items.setdefault(row["item"], _item(town, row, keys[name]))
        one = HandlingItem(item=item, name=row["handling_item"], code=_code(row["handling_code_demo"], town), valid_from=TRANSFERRED_ON)
        one.commitment_mode = COMMITMENT.get(row["handling_item"], CommitmentMode.NONE)
        handling.append(one)
        for key in filter(None, (keys[name], ALSO_SUPERVISED.get(row["item"]))):
            if key in town.organs:
                matter = _matter(town, matters, key, row)
                mappings.append(Mapping(handling_item=one, organ=town.organs[key], supervision_item=matter, valid_from=TRANSFERRED_ON))
    HandlingItem.objects.bulk_create(handling)
    Mapping.objects.bulk_create(mappings)
    _powers(items.values())
    return handling


def _item(town: Town, row: dict[str, str], department: str) -> Item:
    return Item.objects.create(
        county=town.county,
        name=row["item"],
        base_code=row["base_code_demo"],
        implementation_code=_code(row["implementation_code_demo"], town),
        bureau=town.organs["bureau"],
        competent=town.organs[department],
        transfer_date=TRANSFERRED_ON,
        key_field=row["mode"] == "K",
        valid_from=TRANSFERRED_ON,
    )


def _code(code: str, town: Town) -> str:
    """Implementation codes begin with the credit code of the implementing organ."""
    return town.organs["bureau"].uscc + code[18:]


def _matter(town: Town, matters: dict[tuple[str, str], SupervisionItem], key: str, row: dict[str, str]) -> SupervisionItem:
    known = (key, row["supervision_item"])
    if known not in matters:
        matters[known] = SupervisionItem.objects.create(
            county=town.county,
            organ=town.organs[key],
            name=row["supervision_item"],
            code=row["supervision_item_code_demo"],
            mode=row["mode"],
        )
    return matters[known]


def _powers(items: Iterable[Item]) -> None:
    rows = []
    for item in items:
        rows += [
            Power(organ=item.bureau, item=item, verb=verb, valid_from=TRANSFERRED_ON, document="演示划转方案") for verb in BUREAU_VERBS
        ]
        rows += [Power(organ=item.competent, item=item, verb=verb, valid_from=date(2015, 1, 1)) for verb in DEPARTMENT_VERBS]
    Power.objects.bulk_create(rows)
