"""Loading rulebooks. A rulebook under which a clock has started is fixed: an amendment is a new rulebook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.deadlines.models import Deadline, Rulebook, Term
from foundation.deadlines.rulebook_file import RulebookData, read_rulebook
from foundation.deadlines.yaml_reading import Fault
from foundation.journal import actions as journal
from foundation.organizations.models import County

HEAD = ("title", "short_title", "status", "source", "valid_from", "valid_to", "parameters")
CLOSING = {"status", "valid_to"}
"""What may still be written into a rulebook in use: the day it ended."""
NAMES = {
    "county": "county",
    "title": "title",
    "short_title": "short_title",
    "status": "status",
    "source": "source",
    "valid_from": "valid.from",
    "valid_to": "valid.to",
}


class BrokenRulebook(Refused):
    """Rulebook files that cannot be loaded. `faults` lists all that is wrong with them; nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults), code="broken_rulebook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of one file: `created`, `changed` or `unchanged`."""

    rulebook: Rulebook
    outcome: str


def load_rulebooks(*, files: Sequence[tuple[str, str]], at: datetime, user_id: int | None = None, client: str = "command") -> list[Loaded]:
    """Load rulebook files given as (name, text), all or none. Raises BrokenRulebook with every fault of every file.

    A file that was loaded before in the same words changes nothing. A rulebook with clocks may only be given its last day; any other
    change of it is refused.
    """
    read = [read_rulebook(text=text, file=name) for name, text in files]
    if faults := [fault for _, found in read for fault in found]:
        raise BrokenRulebook(faults)
    with transaction.atomic():
        counties = {county.code: county for county in County.objects.select_for_update(no_key=True).order_by("pk")}
        loaded, faults = [], []
        # A book that ends comes before the one that follows it, so that both can be loaded together.
        for data in sorted((data for data, _ in read), key=lambda data: (data.county, str(data.valid_from))):
            found = _faults_of(data, counties)
            faults += found
            if not found:
                loaded.append(_store(data, counties[data.county], at=at, user_id=user_id, client=client))
        if faults:
            raise BrokenRulebook(faults)
    return loaded


def _faults_of(data: RulebookData, counties: dict[str, County]) -> list[Fault]:
    def fault(key: str, message: str) -> list[Fault]:
        return [Fault(file=data.file, line=data.lines.get(key.split(".")[0], 1), key=key, message=message)]

    county = counties.get(data.county)
    if county is None:
        return fault("county", f"没有代码为 {data.county} 的县；已有：{'、'.join(sorted(counties)) or '无'}")
    if (region := data.parameters["calendar_region"]["value"]) != county.region:
        return fault("parameters.calendar_region", f"本县的地区日历是“{county.region}”，规则写的是“{region}”")
    present = Rulebook.objects.filter(key=data.key).first()
    if present and present.county_id != county.pk:
        return fault("rulebook", "这个版本名已用于别的县")
    if clash := _overlapping(data, county):
        return fault("valid", f"有效期与 {clash.key}（{_span(clash)}）重叠；先在那一版写明失效日期 valid.to")
    return _faults_of_change(data, present, fault) if present else []


def _faults_of_change(data: RulebookData, present: Rulebook, fault: Any) -> list[Fault]:
    clocks = Deadline.objects.filter(term__rulebook=present)
    changed = _differences(data, present)
    if not changed or not clocks.exists():
        return []
    if faults := [found for key in sorted(changed - CLOSING) for found in fault(NAMES.get(key, key), _REFUSAL)]:
        return faults
    if data.valid_to and (later := clocks.filter(day_zero__gt=data.valid_to).count()):
        return fault("valid.to", f"有 {later} 个期限在这一天之后按这一版起算，失效日期不能早于它们")
    return []


_REFUSAL = "已有期限按这一版起算，不能改写；修订请另立新版本（新的 rulebook 和 valid.from）"


def _overlapping(data: RulebookData, county: County) -> Rulebook | None:
    rows = Rulebook.objects.filter(county=county).exclude(key=data.key).filter(Q(valid_to=None) | Q(valid_to__gte=data.valid_from))
    if data.valid_to:
        rows = rows.filter(valid_from__lte=data.valid_to)
    return rows.first()


def _span(rulebook: Rulebook) -> str:
    return f"{rulebook.valid_from} 起，{f'至 {rulebook.valid_to}' if rulebook.valid_to else '未定终止日期'}"


def _differences(data: RulebookData, present: Rulebook) -> set[str]:
    """The keys of the file that say something else than the stored rulebook: names of the head, and `terms.<key>` of the terms."""
    changed = {name for name in HEAD if getattr(data, name) != getattr(present, name)}
    stored = {term.key: term for term in present.terms.all()}
    stated = {term.fields["key"]: term.fields for term in data.terms}
    changed |= {f"terms.{key}" for key in stored.keys() ^ stated.keys()}
    return changed | {
        f"terms.{key}"
        for key in stored.keys() & stated.keys()
        if any(getattr(stored[key], name) != value for name, value in stated[key].items())
    }


def _store(data: RulebookData, county: County, *, at: datetime, user_id: int | None, client: str) -> Loaded:
    present = Rulebook.objects.filter(key=data.key).first()
    changed = _differences(data, present) if present else set(HEAD)
    if present and not changed:
        return Loaded(rulebook=present, outcome="unchanged")
    before = {name: str(getattr(present, name)) for name in changed & set(NAMES)} if present else None
    rulebook, created = Rulebook.objects.update_or_create(
        key=data.key,
        defaults={"county": county, "sha256": data.sha256, "loaded_at": at, **{name: getattr(data, name) for name in HEAD}},
    )
    if created or changed - CLOSING:
        rulebook.terms.exclude(key__in=[term.fields["key"] for term in data.terms]).delete()
        for term in data.terms:
            Term.objects.update_or_create(rulebook=rulebook, key=term.fields["key"], defaults=term.fields)
    outcome = "created" if created else "changed"
    journal.write(
        verb="rulebook.load",
        actor=Actor(county_id=county.pk, client=client, user_id=user_id, name="系统管理员"),
        subject=rulebook,
        at=at,
        before=before,
        after={"key": data.key, "sha256": data.sha256, "terms": len(data.terms), "changed": sorted(changed)},
    )
    return Loaded(rulebook=rulebook, outcome=outcome)
