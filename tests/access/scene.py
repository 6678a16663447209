"""One world for the whole matrix: two counties, somebody in every role that reads or acts, and one of everything with an address."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from approvals import actions, corrections
from approvals.models import Decision
from catalogue.actions.sheets import upload_sheet
from catalogue.columns import HEADINGS
from catalogue.models import HandlingItem, Item, Mapping, Power, SupervisionItem
from exchange import actions as imports
from exchange.running import work
from exchange.tokens import make_token
from foundation.common import clock
from foundation.deadlines.models import Deadline
from foundation.notices.models import Delivery, Notice
from foundation.organizations.models import Liaison, Membership
from foundation.organizations.statuses import OrganKind, Role
from foundation.papers.actions import attach
from parties.models import Party
from pushes import actions as pushes
from pushes import returns
from pushes.models import Push
from supervision.models import Task
from tests.factories import AT, START, Person, World, client_of, credit_code, organ, person, user, world

ROLES = (
    "window_clerk",
    "section_head",
    "receiver",
    "receiver_lead",
    "other_organ",
    "other_county",
    "other_county_head",
    "county_leader",
    "oversight",
    "discipline",
    "system_admin",
    "security_admin",
    "auditor",
    "no_post",
    "anonymous",
)
"""Who asks, in the order of the columns. The receiver is the liaison officer of the organ that received the pushes (receiver_lead its
lead); other_organ the one of a department that received none; no_post is somebody whose post has ended."""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The browsers by role, and the ids that addresses and bodies of the matrix name in braces."""

    clients: dict[str, Client]
    ids: dict[str, int | str | UUID]

    def __deepcopy__(self, memo: dict[int, Any]) -> "Scene":
        """One scene for every test of the class: nothing in it is changed, and browsers are dear to copy."""
        return self


def build() -> Scene:
    """Tell the story once, by the acts of the portal; the clock stands at AT."""
    home, away = world("360735"), world("420626")
    clients = {role: one.browser() for role, one in _people(home, away).items()}
    leaver = person(Role.LIAISON, home.departments[0], until=date(2026, 10, 9))
    clients["no_post"] = client_of(leaver.user)
    clients["anonymous"] = Client(HTTP_HOST="localhost")
    for client in clients.values():
        client.raise_request_exception = False
    return Scene(clients=clients, ids=_ids(home))


def _people(home: World, away: World) -> dict[str, Person]:
    found = {
        "window_clerk": home.who(home.bureau, Role.WINDOW_CLERK),
        "section_head": home.who(home.bureau, Role.SECTION_HEAD),
        "receiver": home.who(home.departments[0], Role.LIAISON),
        "receiver_lead": home.who(home.departments[0], Role.LIAISON_LEADER),
        "other_organ": home.who(home.departments[1], Role.LIAISON),
        "other_county": away.who(away.departments[0], Role.LIAISON),
        "other_county_head": away.who(away.bureau, Role.SECTION_HEAD),
        "system_admin": home.officer(Role.SYSTEM_ADMIN),
        "security_admin": home.officer(Role.SECURITY_ADMIN),
        "auditor": home.officer(Role.AUDITOR),
    }
    for role, kind, name in (
        (Role.COUNTY_LEADER, OrganKind.GOVERNMENT, "人民政府"),
        (Role.OVERSIGHT, OrganKind.OVERSIGHT_OFFICE, "督查室"),
        (Role.DISCIPLINE, OrganKind.DISCIPLINE, "纪委监委"),
    ):
        found[role.value] = person(role, organ(home.county, name, kind=kind))
    return found


def _ids(home: World) -> dict[str, int | str | UUID]:
    handling, power = _catalogue(home)
    party = _party(home, "赣江源餐饮管理有限公司", "1")
    clerk, head = home.who(home.bureau, Role.WINDOW_CLERK).actor, home.who(home.bureau, Role.SECTION_HEAD).actor
    receiver = home.who(home.departments[0], Role.LIAISON)

    def values(number: int, **more: Any) -> dict[str, Any]:
        return {
            "handling_item": handling,
            "party": party,
            "party_contact": "温某 19000000011",
            "document_number": f"石行审许〔2026〕{number:04d}号",
            "title": "准予行政许可决定书",
            "content": "热食类食品制售",
            "decided_on": AT.date(),
            "valid_to": date(2031, 10, 11),
        } | more

    def submitted(number: int) -> Decision:
        decision = actions.draft(actor=clerk, organ_id=home.bureau.pk, values=values(number))
        return actions.submit(actor=clerk, decision_id=decision.pk)

    def issued(number: int) -> tuple[Decision, Push]:
        decision = actions.issue(actor=head, decision_id=submitted(number).pk)
        return decision, Push.objects.get(payload_id=decision.pk, receiver=home.departments[0])

    draft = actions.draft(actor=clerk, organ_id=home.bureau.pk, values=values(1))
    waiting = submitted(2)
    decision, push = issued(3)
    _, returned = issued(4)
    returns.give_back(actor=receiver.actor, push_id=returned.pk, reason="not_our_duty", explanation="餐饮单位不属于本单位监管。")
    corrected, claimed = issued(5)
    pushes.claim(actor=receiver.actor, push_ids=[claimed.pk])
    correction = corrections.propose(
        actor=clerk, decision_id=corrected.pk, kind="amend", reason="经营项目漏写一项", values={"content": "热食类食品制售；自制饮品制售"}
    )
    unrouted = actions.report(actor=clerk, organ_id=home.bureau.pk, values=values(6, handling_item=None, item_text="食品许可（餐饮）"))
    upload = SimpleUploadedFile("决定书.pdf", PDF, content_type="application/pdf")
    paper = attach(actor=clerk, subject=decision, upload=upload, kind="决定书", organ_id=home.bureau.pk, at=clock.now())
    notice = Notice.objects.filter(user=receiver.user).latest("id")
    failed = Delivery.objects.create(
        notice=notice, channel="email", address="x@example.invalid", state="failed", next_try_at=AT, last_error="refused"
    )
    second = person(Role.INSPECTOR, home.departments[0], name="曾凡")
    return {
        "bureau": home.bureau.pk,
        "organ": home.departments[0].pk,
        "other": home.departments[1].pk,
        "handling": handling.pk,
        "item": handling.item_id,
        "power": power.pk,
        "party": party.pk,
        "duplicate": _party(home, "赣江源餐饮管理有限公司（旧）", "2").pk,
        "draft": draft.pk,
        "submitted": waiting.pk,
        "decision": decision.pk,
        "unrouted": unrouted.pk,
        "correction": correction.pk,
        "push": push.pk,
        "returned": returned.pk,
        "claimed": claimed.pk,
        "task": Task.objects.get(push=claimed).pk,
        "clock": Deadline.objects.get(subject_id=push.pk, term__key="claim").pk,
        "paper": paper.public_id,
        "notice": notice.pk,
        "delivery": failed.pk,
        "sheet": _sheet(home),
        "entry": Liaison.objects.get(user=receiver.user).pk,
        "member": second.user.pk,
        "membership": Membership.objects.get(user=second.user).pk,
        "account": user("邱平").pk,
        "job": _import(home),
        "token": _token(home),
        "county": home.county.code,
    }


def _catalogue(home: World) -> tuple[HandlingItem, Power]:
    item = Item.objects.create(county=home.county, name="食品经营许可", bureau=home.bureau, valid_from=START)
    handling = HandlingItem.objects.create(item=item, name="新办（餐饮服务）", valid_from=START)
    power = Power.objects.create(organ=home.bureau, item=item, verb="decide", valid_from=START)
    matter = SupervisionItem.objects.create(county=home.county, organ=home.departments[0], name="对食品经营者的监督检查", mode="K")
    Mapping.objects.create(handling_item=handling, organ=home.departments[0], supervision_item=matter, valid_from=START)
    return handling, power


def _party(home: World, name: str, digit: str) -> Party:
    return Party.objects.create(
        county=home.county,
        kind="legal",
        name=f"石城县{name}（演示）",
        uscc=credit_code(f"91360735MAYY0201{digit}") if digit == "1" else "",
        contact="温某某",
        phone="19000000011",
        address="石城县琴江镇西华南路 18 号",
    )


def _sheet(home: World) -> int:
    book = Workbook()
    table = book.active
    assert table is not None
    table.append(list(HEADINGS.values()))
    filled = {
        "item": "小餐饮登记",
        "handling_item": "新办",
        "organ": home.departments[0].name,
        "matter": "对小餐饮的检查",
        "mode": "A 双随机",
    }
    table.append([filled.get(name, "") for name in HEADINGS])
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    row = upload_sheet(
        actor=home.who(home.bureau, Role.SECTION_HEAD).actor,
        bureau=home.bureau,
        stream=stream,
        name="目录.xlsx",
        valid_from=AT.date(),
        batch=None,
        at=clock.now(),
    )
    return row.pk


def _import(home: World) -> int:
    """An import of one good and one bad row, run to its end."""
    text = (
        "行政相对人名称,行政许可决定文书号,许可内容,许可决定日期\n甲公司,石行审许〔2026〕0007号,餐饮,2026-10-12\n乙公司,,餐饮,2026-10-12\n"
    )
    actor = home.who(home.bureau, Role.WINDOW_CLERK).actor
    upload = SimpleUploadedFile("许可.csv", text.encode("utf-8-sig"), content_type="text/csv")
    job = imports.upload(actor=actor, organ=home.bureau, upload=upload, intake="history", source_name="")
    imports.start(actor=actor, job_id=job.pk)
    work(job.pk)
    return job.pk


def _token(home: World) -> int:
    """A token of an outside system that acts for the bureau."""
    token, _ = make_token(
        actor=home.officer(Role.SYSTEM_ADMIN).actor,
        organ=home.bureau,
        user=home.who(home.bureau, Role.WINDOW_CLERK).user,
        name="政务服务平台",
        expires_on=None,
        at=clock.now(),
    )
    return token.pk
