"""The list of decisions: what is asked for, and what each line shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from approvals.models import Decision
from approvals.queries import visible_for
from approvals.snapshot import item_name
from approvals.statuses import DecisionState, DutyKind
from catalogue.models import Item
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import type_of
from foundation.deadlines.statuses import ClockState
from foundation.organizations.models import Organ
from parties.masking import shown_name
from pushes.models import Push
from pushes.queries import with_effective_state
from pushes.sending import LIVE
from pushes.statuses import PushKind, PushState

SEGMENTS = (DecisionState.DRAFT, DecisionState.SUBMITTED, DecisionState.ISSUED, DecisionState.UNROUTED)
OPEN_SEGMENTS = (DecisionState.DRAFT, DecisionState.SUBMITTED, DecisionState.UNROUTED)
DAYS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天", "365": "近一年"}
OWED = {str(DutyKind.DELIVERY): "待送达", str(DutyKind.PUBLICATION): "待公示"}
DECISION_KINDS = (PushKind.DECISION, PushKind.COMMITMENT)
EXPORTED = 50_000
HEADINGS = (
    "文号",
    "审批事项",
    "行政相对人",
    "许可日期",
    "有效期至",
    "决定",
    "状态",
    "来源",
    "监管部门数",
    "主动认领",
    "自动认领",
    "未认领",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person chose in the filter; empty strings where nothing."""

    state: str = ""
    item: str = ""
    organ: str = ""
    days: str = ""
    owed: str = ""
    text: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Wanted":
        """From an address; what is no choice of the page is left out."""
        found = {name: str(params.get(name, "")).strip() for name in ("state", "item", "organ", "days", "owed", "text")}
        found["state"] = found["state"] if found["state"] in SEGMENTS else ""
        found["days"] = found["days"] if found["days"] in DAYS else ""
        found["owed"] = found["owed"] if found["owed"] in OWED else ""
        for name in ("item", "organ"):
            found[name] = found[name] if found[name].isdecimal() and len(found[name]) < 19 else ""
        return cls(**found)

    @property
    def words(self) -> str:
        """The choices in one line, for the export and the empty list; empty where nothing was chosen."""
        state = str(DecisionState(self.state).label) if self.state else ""
        chosen_words = (state, DAYS.get(self.days, ""), OWED.get(self.owed, ""), f"“{self.text}”" if self.text else "")
        return "，".join(part for part in chosen_words if part)

    @property
    def narrowed(self) -> bool:
        """Whether anything besides the segment was chosen."""
        return bool(self.item or self.organ or self.days or self.owed or self.text)


@dataclass(slots=True, kw_only=True)
class Claims:
    """How many organs a decision went to, and how many took it, by a person or by the clock (E-06, E-29)."""

    organs: int = 0
    claimed: int = 0
    auto: int = 0

    @property
    def waiting(self) -> int:
        """How many have not claimed."""
        return self.organs - self.claimed - self.auto

    @property
    def words(self) -> str:
        """3 个部门，2 个已认领; automatic claims are told apart."""
        return claim_words(organs=self.organs, claimed=self.claimed, auto=self.auto)


@dataclass(slots=True, kw_only=True)
class Line:
    """A line of the list."""

    decision: Decision
    item: str
    party: str
    claims: Claims = field(default_factory=Claims)


def claim_words(*, organs: int, claimed: int, auto: int) -> str:
    """3 个部门，2 个已认领; automatic claims are told apart: 3 个部门，1 个主动认领，1 个自动认领，1 个未认领."""
    if not organs:
        return ""
    if not auto:
        return f"{organs} 个部门，{claimed} 个已认领" if claimed else f"{organs} 个部门，都还没有认领"
    counted = ((claimed, "主动认领"), (auto, "自动认领"), (organs - claimed - auto, "未认领"))
    return "，".join([f"{organs} 个部门", *(f"{count} 个{words}" for count, words in counted if count)])


def chosen(*, actor: Actor, wanted: Wanted) -> QuerySet[Decision]:
    """The decisions the actor may see and asked for, latest first."""
    rows = visible_for(actor).select_related("party", "handling_item__item", "organ")
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.item:
        rows = rows.filter(handling_item__item_id=int(wanted.item))
    if wanted.organ:
        told = Push.objects.filter(payload_type=type_of(Decision), receiver_id=int(wanted.organ), state__in=LIVE)
        rows = rows.filter(pk__in=told.values("payload_id"))
    if wanted.owed:
        rows = rows.filter(pk__in=_owing(actor, wanted.owed))
    if wanted.days:
        rows = rows.filter(decided_on__gt=clock.today() - timedelta(days=int(wanted.days)))
    for word in wanted.text.split():
        rows = rows.filter(search_text__icontains=word)
    return rows.order_by("-decided_on", "-id")


def _owing(actor: Actor, key: str) -> QuerySet[Any]:
    """Ids of the decisions on which an organ of the actor still owes the act of a term."""
    running = Deadline.objects.filter(organ_id__in=actor.organs("view_matter"), state=ClockState.RUNNING, term__key=key)
    return running.filter(subject_type=type_of(Decision)).values("subject_id")


def open_counts(actor: Actor) -> dict[str, int]:
    """How many decisions of the actor's organs wait in each open state; a partial index answers, however many are issued."""
    rows = Decision.objects.filter(organ_id__in=actor.organs("view_matter"), state__in=OPEN_SEGMENTS)
    return dict(rows.order_by().values_list("state").annotate(count=Count("pk")))


def lines(decisions: Iterable[Decision], *, at: datetime) -> list[Line]:
    """The lines of one page, with who claimed at the moment `at`, in one query more."""
    ones = list(decisions)
    claims = _claims([one.pk for one in ones], at=at)
    return [Line(decision=one, item=item_name(one), party=shown_name(one.party), claims=claims.get(one.pk, Claims())) for one in ones]


def _claims(ids: Sequence[int], *, at: datetime) -> dict[int, Claims]:
    rows: QuerySet[Any] = with_effective_state(
        Push.objects.filter(payload_type=type_of(Decision), payload_id__in=ids, kind__in=DECISION_KINDS, state__in=LIVE), at
    )
    found: dict[int, Claims] = {}
    counted = rows.order_by().values_list("payload_id", "effective_state").annotate(count=Count("pk"))
    for payload_id, state, count in counted:
        one = found.setdefault(payload_id, Claims())
        one.organs += count
        one.claimed += count if state == PushState.CLAIMED else 0
        one.auto += count if state == PushState.AUTO_CLAIMED else 0
    return found


def sheet_rows(rows: QuerySet[Decision], *, at: datetime) -> Iterable[Sequence[Any]]:
    """The rows of the export, EXPORTED at most, read in chunks."""
    ones = list(rows[:EXPORTED])
    for start in range(0, len(ones), 2000):
        for line in lines(ones[start : start + 2000], at=at):
            one, claims = line.decision, line.claims
            yield (
                one.document_number,
                line.item,
                line.party,
                one.decided_on,
                one.valid_to or "长期",
                one.get_kind_display(),
                one.get_state_display(),
                one.get_origin_display(),
                claims.organs,
                claims.claimed,
                claims.auto,
                claims.waiting,
            )


def choices(actor: Actor) -> dict[str, Any]:
    """What the filter offers: the county's items and the organs that supervise."""
    return {
        "items": Item.objects.filter(county_id=actor.county_id).order_by("name").values_list("pk", "name"),
        "organs": Organ.objects.filter(Q(closed_on=None), county_id=actor.county_id, mappings__isnull=False)
        .distinct()
        .order_by("sort_key", "id")
        .values_list("pk", "short_name"),
        "days": DAYS.items(),
        "duties": OWED.items(),
    }
