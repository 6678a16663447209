"""What is missing in a county's catalogue: who would not be told, who may decide nothing or too much (BS-01a, BS-02c, PL-05, ZC-03)."""

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from catalogue.days import valid_on
from catalogue.hooks import unlisted_items
from catalogue.models import HandlingItem, Item, Mapping, Power
from catalogue.statuses import CommitmentMode, ItemStatus, Verb
from foundation.common.errors import Refused
from foundation.deadlines.models import Rulebook
from foundation.deadlines.queries import calendar_for_county, rulebook_on
from foundation.organizations.models import Liaison, Organ, Section
from foundation.organizations.queries import active_liaisons
from foundation.organizations.statuses import LiaisonKind

ENDS_SOON = 10
"""Working days before its end at which an entry of the liaison register without a follower is shown as a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonGap:
    """An organ whose liaison register does not meet the county's numbers; `words` says how."""

    organ: Organ
    words: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerFault:
    """Days on which nobody may decide on an item, or more than one organ may."""

    item: Item
    words: str


@dataclass(slots=True, kw_only=True)
class Coverage:
    """Everything the coverage page shows, as of one day."""

    on: date
    items: int
    handling_items: int
    mapped: int
    unmapped: list[HandlingItem]
    post_check: list[HandlingItem]
    without_liaison: list[Organ]
    liaison_gaps: list[LiaisonGap]
    power_faults: list[PowerFault]
    outside: list[tuple[str, int]] = field(default_factory=list)
    by_organ: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def percent(self) -> str:
        """Share of handling items that are mapped, one decimal; a dash where there are none."""
        return f"{100 * self.mapped / self.handling_items:.1f}%" if self.handling_items else "—"


def current_handling_items(county_id: int, on: date) -> QuerySet[HandlingItem]:
    """Handling items decided on or supervised today, with whether they are `mapped`."""
    mapped = Exists(Mapping.objects.filter(valid_on(on), handling_item=OuterRef("pk")))
    return HandlingItem.objects.filter(valid_on(on), item__county_id=county_id).select_related("item__bureau").annotate(mapped=mapped)


def coverage(*, county_id: int, on: date) -> Coverage:
    """The gaps of a county's catalogue on a day. A fixed number of queries, whatever the size of the catalogue."""
    rows = list(current_handling_items(county_id, on).order_by("item__name", "item_id", "id"))
    unmapped = [row for row in rows if not row.mapped]  # type: ignore[attr-defined]
    organs = list(Organ.objects.filter(Exists(Mapping.objects.filter(valid_on(on), organ=OuterRef("pk"))), county_id=county_id))
    liaisons: dict[int, list[Liaison]] = defaultdict(list)
    for entry in active_liaisons(organ_ids=[organ.pk for organ in organs], on=on):
        liaisons[entry.organ_id].append(entry)
    return Coverage(
        on=on,
        items=len({row.item_id for row in rows}),
        handling_items=len(rows),
        mapped=len(rows) - len(unmapped),
        unmapped=unmapped,
        post_check=[row for row in unmapped if row.commitment_mode == CommitmentMode.POST_CHECK],
        without_liaison=[organ for organ in organs if not liaisons[organ.pk]],
        liaison_gaps=_liaison_gaps(county_id, on, organs, liaisons),
        power_faults=_power_faults(county_id, on),
        outside=outside_the_list(county_id),
        by_organ=_by_organ(county_id, on),
    )


def _by_organ(county_id: int, on: date) -> list[tuple[str, int, int]]:
    rows = (
        Mapping.objects.filter(valid_on(on), organ__county_id=county_id)
        .values("organ__short_name")
        .annotate(items=Count("handling_item__item", distinct=True), handling_items=Count("handling_item", distinct=True))
        .order_by("-handling_items", "organ__short_name")
    )
    return [(row["organ__short_name"], row["items"], row["handling_items"]) for row in rows]


def _liaison_gaps(county_id: int, on: date, organs: list[Organ], liaisons: dict[int, list[Liaison]]) -> list[LiaisonGap]:
    """Organs whose numbers of liaisons are outside what the rulebook asks for; none where the county has no rulebook."""
    try:
        book = rulebook_on(county_id=county_id, day=on)
    except Refused:
        return []
    gaps: list[LiaisonGap] = []
    for organ in organs:
        officers = len({entry.user_id for entry in liaisons[organ.pk] if entry.kind == LiaisonKind.OFFICER})
        leads = len({entry.user_id for entry in liaisons[organ.pk] if entry.kind == LiaisonKind.LEAD})
        for count, words, name in ((officers, "联络员", "liaisons_per_organ"), (leads, "联络负责人", "leaders_per_organ")):
            if fault := _outside(book, name, count, words):
                gaps.append(LiaisonGap(organ=organ, words=fault, article=_authority(book, f"{name}_min")))
    return gaps + _ending(county_id, on, organs) + _section_gaps(county_id, on, book)


def _ending(county_id: int, on: date, organs: list[Organ]) -> list[LiaisonGap]:
    """Entries of the register that end within ENDS_SOON working days and that nobody of the same kind follows, in one query."""
    limit = calendar_for_county(county_id).add(on, ENDS_SOON).last_day
    later = Liaison.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")), organ=OuterRef("organ"), kind=OuterRef("kind"), section=None
    )
    rows = Liaison.objects.filter(~Exists(later), organ__in=organs, section=None, valid_from__lte=on, valid_to__range=(on, limit))
    return [
        LiaisonGap(
            organ=row.organ,
            words=f"{row.user.full_name}的{row.get_kind_display()}任期到 {row.valid_to} 为止，此后没有人接续",
            article="本系统默认",
        )
        for row in rows.select_related("organ", "user").order_by("valid_to", "id")
    ]


def _section_gaps(county_id: int, on: date, book: Rulebook) -> list[LiaisonGap]:
    """Sections of the bureaus with fewer liaisons than the rulebook asks for (parameter liaisons_per_section_min)."""
    least = _number(book, "liaisons_per_section_min") or 0
    if not least:
        return []
    bureaus = Item.objects.filter(valid_on(on), county_id=county_id, status=ItemStatus.TRANSFERRED).values("bureau_id")
    current = Q(liaisons__valid_from__lte=on) & (Q(liaisons__valid_to=None) | Q(liaisons__valid_to__gte=on))
    sections = (
        Section.objects.filter(organ_id__in=bureaus)
        .select_related("organ")
        .annotate(officers=Count("liaisons__user", filter=current, distinct=True))
        .filter(officers__lt=least)
        .order_by("organ_id", "name")
    )
    article = _authority(book, "liaisons_per_section_min")
    return [
        LiaisonGap(organ=row.organ, words=f"{row.name}有联络员 {row.officers} 名，应不少于 {least} 名", article=article) for row in sections
    ]


def _outside(book: Rulebook, name: str, count: int, words: str) -> str:
    least, most = _number(book, f"{name}_min") or 0, _number(book, f"{name}_max")
    if count < least:
        return f"{words} {count} 名，应不少于 {least} 名"
    if most is not None and count > most:
        return f"{words} {count} 名，应不多于 {most} 名"
    return ""


def _number(book: Rulebook, key: str) -> int | None:
    value = book.parameters.get(key, {}).get("value")
    return value if isinstance(value, int) else None


def _authority(book: Rulebook, key: str) -> str:
    words = str(book.parameters.get(key, {}).get("authority", ""))
    return "本系统默认" if words == "own default" else words


def _power_faults(county_id: int, on: date) -> list[PowerFault]:
    """Items in use without an unbroken, single holder of the power to decide in the whole county, from their first day on."""
    items = list(Item.objects.filter(county_id=county_id, valid_to=None).exclude(status=ItemStatus.CANCELLED_STILL_SUPERVISED))
    by_item: dict[int, list[Power]] = defaultdict(list)
    powers = Power.objects.filter(item__in=items, verb=Verb.DECIDE, area="").select_related("organ").order_by("valid_from", "id")
    for power in powers:
        by_item[power.item_id].append(power)
    return [PowerFault(item=item, words=words) for item in items if (words := _fault(by_item[item.pk], on))]


def _fault(powers: list[Power], on: date) -> str:
    if not powers:
        return "没有任何单位有审批权"
    for earlier, later in itertools.pairwise(powers):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            return f"{earlier.organ.short_name}与{later.organ.short_name}的审批权自 {later.valid_from} 起重叠"
        if earlier.valid_to + timedelta(days=1) < later.valid_from:
            return f"{earlier.valid_to} 之后、{later.valid_from} 之前没有单位有审批权"
    last = powers[-1]
    if last.valid_to is not None:
        return f"{last.organ.short_name}的审批权到 {last.valid_to} 为止，此后没有单位接续"
    return f"审批权自 {powers[0].valid_from} 起才有" if powers[0].valid_from > on else ""


def outside_the_list(county_id: int) -> list[tuple[str, int]]:
    """Items that decisions named and the catalogue does not know, with how many decisions (ZC-03), most frequent first."""
    counts: Counter[str] = Counter()
    for room in unlisted_items.names():
        for source in unlisted_items.of(room):
            counts.update(source(county_id=county_id))
    return counts.most_common(200)
