"""Parties of the demo. Their codes belong to nobody; every name ends in （演示）."""

import random

from demo.codes import impossible_credit_code, impossible_resident_number
from demo.people import GIVEN, SURNAMES, Town
from parties.models import Party
from parties.statuses import PartyKind

MARK = "（演示）"
PLACES = ("琴江镇", "屏山镇", "横江镇", "小松镇", "赣江源镇", "丰山乡", "大由乡", "珠坑乡", "高田镇", "木兰乡", "龙岗乡")
WORDS = (
    "赣江源",
    "通天寨",
    "白莲",
    "康济",
    "仁泰",
    "丰源",
    "华亭",
    "莲乡",
    "星云",
    "宝成",
    "翰泉",
    "石鼓",
    "青松",
    "启明星",
    "蓝天",
    "安康",
)
LEGAL = (
    "餐饮管理有限公司",
    "食品有限公司",
    "大药房有限公司",
    "建筑工程有限公司",
    "物流有限公司",
    "燃气有限公司",
    "医疗器械有限公司",
    "宾馆有限公司",
)
BUSINESS = ("小吃店", "美容店", "便利店", "羊杂馆", "理发店")


def load(town: Town, *, count: int, chance: random.Random) -> list[Party]:
    """`count` parties: mostly companies, then individual businesses, some natural persons, one rural collective (N code)."""
    made = [_party(town, number, chance) for number in range(count)]
    code = impossible_credit_code(prefix="N2", region=town.county.code, body="MFYY0001")
    made.append(Party(kind=PartyKind.LEGAL, name=f"{town.county.name}屏山镇白莲股份经济合作社{MARK}", uscc=code))
    long_name = f"{town.county.name}城北新区幼教集团第二幼儿园附属师生食堂及配餐服务中心{MARK}"
    body = impossible_credit_code(prefix="52", region=town.county.code, body="MJYY0002")
    made.append(Party(kind=PartyKind.LEGAL, name=long_name, uscc=body))
    for index, party in enumerate(made):
        party.county, party.is_demo = town.county, True
        party.contact = chance.choice(SURNAMES) + "某"
        party.phone = f"190-0000-{index:04d}"
        party.address = f"{town.county.name}{chance.choice(PLACES)}{chance.choice(WORDS)}路 {chance.randint(1, 188)} 号"
    return Party.objects.bulk_create(made)


def _party(town: Town, number: int, chance: random.Random) -> Party:
    kind = chance.choices((PartyKind.LEGAL, PartyKind.BUSINESS, PartyKind.NATURAL), weights=(6, 3, 1))[0]
    region, place, word = town.county.code, chance.choice(PLACES), WORDS[number % len(WORDS)]
    if kind == PartyKind.NATURAL:
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
        identity = impossible_resident_number(region=region, number=number + 10)
        return Party(kind=kind, name=name + MARK, id_type="身份证", id_number=identity)
    prefix, tail = ("92", chance.choice(BUSINESS)) if kind == PartyKind.BUSINESS else ("91", chance.choice(LEGAL))
    code = impossible_credit_code(prefix=prefix, region=region, body=f"MAYY{number + 10:04d}")
    second = WORDS[(number // len(WORDS) + 5) % len(WORDS)] if number >= len(WORDS) else ""
    name = f"{town.county.name}{place if kind == PartyKind.BUSINESS else ''}{word}{second}{tail}"
    return Party(kind=kind, name=name + MARK, uscc=code, legal_representative=chance.choice(SURNAMES) + "某")
