"""Organs and people of a demo county. Every name is invented."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password

from demo.codes import impossible_credit_code
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.organizations import actions
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.models import County, Liaison, Organ, OrganName, Section, User
from foundation.organizations.statuses import LiaisonKind, OrganKind, OrganLevel, Role

PASSWORD = "liandong-demo"  # noqa: S105 - printed on the first start, refused by no one, only in the embedded database
SINCE = date(2021, 1, 4)

DEPARTMENTS = (
    ("发展和改革局", "fazhan"),
    ("自然资源局", "ziran"),
    ("住房和城乡建设局", "zhujian"),
    ("市生态环境局{short}分局", "shengtai"),
    ("水务局", "shuiwu"),
    ("市场监督管理局", "shichang"),
    ("民政局", "minzheng"),
    ("人力资源和社会保障局", "renshe"),
    ("教育体育局", "jiaoti"),
    ("卫生健康局", "weijian"),
    ("交通运输局", "jiaotong"),
    ("文化旅游广电局", "wenguang"),
)
OTHERS = (
    ("人民政府", OrganKind.GOVERNMENT, "zhengfu", "renminzhengfu"),
    ("政府督查室", OrganKind.OVERSIGHT_OFFICE, "ducha", "zhengfuducha"),
    ("委编办", OrganKind.STAFFING_OFFICE, "bianban", "weibianban"),
    ("协调小组", OrganKind.COORDINATION_GROUP, "xietiao", "xietiaoxiaozu"),
    ("司法局", OrganKind.JUSTICE_BUREAU, "sifa", "sifaju"),
    ("委信访局", OrganKind.PETITION_OFFICE, "xinfang", "weixinfangju"),
    ("纪委监委", OrganKind.DISCIPLINE, "jiwei", "jiweijianwei"),
    ("审管联动门户运行中心", OrganKind.PLATFORM, "yunxing", "yunxingzhongxin"),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "敏慧文静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉建国志红梅芳海燕晓东秀云鹏辉"
BUREAU_NAMES = {"640221": "审批服务管理局", "370302": "行政审批服务局"}
SECTIONS = ("综合受理股", "市场准入股", "建设项目股", "社会事务股")


@dataclass(slots=True)
class Town:
    """A demo county with its organs by key and its people by user name."""

    county: County
    prefix: str
    organs: dict[str, Organ] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The actor of a person of this county (`clerk`, `shichang.a` …)."""
        if name not in self._actors:
            acting = acting_for(user=self.users[name], organ_id=None, day=clock.today())
            assert acting is not None  # noqa: S101 - everybody here has a post
            self._actors[name] = actor_of(acting)
        return self._actors[name]


def build(*, county: County, prefix: str, number: int, departments: tuple[str, ...] = ()) -> Town:
    """Organs, people, posts and the liaison register of one county; `departments` limits which ones there are (all where empty)."""
    town = Town(county=county, prefix=prefix)
    wanted = [one for one in DEPARTMENTS if not departments or one[1] in departments]
    bureau = BUREAU_NAMES.get(county.code, "行政审批局")
    _organ(town, "bureau", bureau, OrganKind.APPROVAL_BUREAU, 1, sort_key="aaa")
    for index, (name, key) in enumerate(wanted, start=2):
        level = OrganLevel.CITY if "分局" in name else OrganLevel.COUNTY
        _organ(town, key, name.format(short=county.name[:-1]), OrganKind.DEPARTMENT, index, level=level)
    for index, (name, kind, key, sort_key) in enumerate(OTHERS, start=30):
        _organ(town, key, name, kind, index, sort_key=f"z{sort_key}")
    _people(town, [key for _, key in wanted], number)
    return town


def _organ(town: Town, key: str, name: str, kind: str, number: int, *, level: str = OrganLevel.COUNTY, sort_key: str = "") -> None:
    prefix = "11" if kind != OrganKind.PLATFORM else "12"
    code = impossible_credit_code(prefix=prefix, region=town.county.code, body=f"MB9Y{number:04d}")
    full = name if name.startswith("市") else town.county.name + name
    if name.startswith(("委", "政府", "人民政府", "纪委")):
        name = town.county.name[-1] + name
    organ = Organ.objects.create(
        county=town.county, kind=kind, level=level, name=full, short_name=name, sort_key=sort_key or key, uscc=code, opened_on=SINCE
    )
    OrganName.objects.create(organ=organ, name=full, short_name=name, uscc=code, valid_from=SINCE)
    town.organs[key] = organ


def _people(town: Town, departments: list[str], seed: int) -> None:
    numbers = iter(range(seed, 10_000))
    hashed = make_password(PASSWORD)  # once: hashing is slow on purpose

    def person(name: str, organ: str, role: str, *, section: Section | None = None, kind: str = "", order: int = 0) -> None:
        number = next(numbers)
        full_name = SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[number * 11 % len(GIVEN)]
        user = User(
            username=f"{town.prefix}.{name}",
            full_name=full_name,
            is_demo=True,
            phone=f"190-0000-{number % 10000:04d}",
            office_phone=f"0000-5{number % 100000:06d}",
        )
        user.password = hashed
        user.save()
        town.users[name] = user
        system = _founder(town)
        actions.appoint(actor=system, user=user, organ=town.organs[organ], role=role, valid_from=SINCE, section=section)
        if kind:
            Liaison.objects.create(organ=town.organs[organ], section=section, user=user, kind=kind, order=order, valid_from=SINCE)

    sections = [Section.objects.create(organ=town.organs["bureau"], name=name) for name in SECTIONS]
    person("clerk", "bureau", Role.WINDOW_CLERK, section=sections[0])
    for index, section in enumerate(sections, start=1):
        person(f"clerk{index}", "bureau", Role.WINDOW_CLERK, section=section, kind=LiaisonKind.OFFICER)
    person("head", "bureau", Role.SECTION_HEAD, section=sections[1])
    person("director", "bureau", Role.BUREAU_LEADER)
    Liaison.objects.create(organ=town.organs["bureau"], user=town.users["head"], kind=LiaisonKind.OFFICER, valid_from=SINCE)
    Liaison.objects.create(organ=town.organs["bureau"], user=town.users["director"], kind=LiaisonKind.LEAD, valid_from=SINCE)
    for key in departments:
        person(f"{key}.lead", key, Role.LIAISON_LEADER, kind=LiaisonKind.LEAD)
        person(f"{key}.a", key, Role.LIAISON, kind=LiaisonKind.OFFICER)
        person(f"{key}.b", key, Role.LIAISON, kind=LiaisonKind.OFFICER, order=1)
        person(f"{key}.inspector", key, Role.INSPECTOR)
    person("mayor", "zhengfu", Role.COUNTY_LEADER)
    person("oversight", "ducha", Role.OVERSIGHT)
    person("staffing", "bianban", Role.STAFFING)
    person("justice", "sifa", Role.JUSTICE)
    person("discipline", "jiwei", Role.DISCIPLINE)
    person("sysadmin", "yunxing", Role.SYSTEM_ADMIN)
    person("secadmin", "yunxing", Role.SECURITY_ADMIN)
    person("auditor", "yunxing", Role.AUDITOR)


def _founder(town: Town) -> Actor:
    """Who appoints the first people of a county: the command itself."""
    organs = frozenset(organ.pk for organ in town.organs.values())
    return Actor(county_id=town.county.pk, client="command", name="演示数据", rights={"manage_security": organs, "manage_accounts": organs})


ACCOUNTS = (
    ("clerk", "审批局窗口经办"),
    ("head", "审批局股长（签发）"),
    ("director", "审批局领导"),
    ("shichang.a", "市场监督管理局联络员"),
    ("shichang.inspector", "市场监督管理局监管人员"),
    ("shichang.lead", "市场监督管理局联络负责人"),
    ("mayor", "县领导（总览）"),
    ("oversight", "督查室（总览）"),
    ("staffing", "编办（职责裁定）"),
    ("discipline", "纪检监察（只读）"),
    ("sysadmin", "系统管理员"),
    ("secadmin", "安全管理员"),
    ("auditor", "安全审计员"),
)
"""One account per role, as the first start prints them."""
