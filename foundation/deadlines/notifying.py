"""Telling people that dates moved, and alarms about dates that nobody can be sure of yet (E-14)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q

from foundation.common import clock
from foundation.deadlines.models import Alarm, Deadline, Rulebook
from foundation.deadlines.queries import OPEN, rulebook_on
from foundation.notices import actions as notices
from foundation.organizations import queries as organizations
from foundation.organizations.models import County, Organ
from foundation.organizations.statuses import Role
from foundation.workdays.queries import Gap, calendar_of, gaps, layer_name

CALENDAR_MISSING = "calendar_missing"
PROVISIONAL_NEAR = "provisional_near"
NEAR = 10
"""Working days before its end at which a provisional clock raises an alarm."""


def provisional_alarm(*, at: datetime) -> int:
    """Raise an alarm where next year's holidays are still missing from the rulebook's day on (15 November), and for each provisional
    clock within ten working days of its end; tell the county's system administrators. Idempotent. Returns how many alarms are new."""
    raised = 0
    for county in County.objects.filter(pk__in=Rulebook.objects.values("county")).order_by("pk"):
        missing = _missing_years(county, at=at)
        near = _near_clocks(county, at=at)
        raised += len(missing) + near
        if missing or near:
            _tell_admins(county, years=sorted({gap.year for gap in missing}), clocks=near, at=at)
    return raised


def clear_alarms(*, at: datetime) -> None:
    """Close the alarms whose cause is gone: the year has its notice, the clock is final or has ended."""
    Alarm.objects.filter(Q(deadline__provisional=False) | ~Q(deadline__state__in=OPEN), kind=PROVISIONAL_NEAR, cleared_at=None).update(
        cleared_at=at
    )
    today = clock.civil_day(at)
    missing = {gap.layer for gap in gaps(years=[today.year + 1])}
    for alarm in Alarm.objects.filter(kind=CALENDAR_MISSING, cleared_at=None).select_related("county"):
        if alarm.county and not missing & {"", alarm.county.region}:
            Alarm.objects.filter(pk=alarm.pk).update(cleared_at=at)


def tell_moved(*, moved: Mapping[tuple[int, int], int], at: datetime, notice: str) -> None:
    """One message to each organ's liaisons: how many of its clocks got another end, and which notice did it."""
    organs = Organ.objects.in_bulk({organ_id for _, organ_id in moved})
    for (county_id, organ_id), count in sorted(Counter(moved).items()):
        notices.send(
            kind="clock_redated",
            users=organizations.liaison_users(organ_ids=[organ_id], on=clock.civil_day(at)),
            subject=organs[organ_id],
            params={"count": count, "reason": notice},
            county_id=county_id,
            organ_id=organ_id,
            at=at,
        )


def _missing_years(county: County, *, at: datetime) -> list[Gap]:
    """The gaps of next year's calendar for which this county has no open alarm yet."""
    today = clock.civil_day(at)
    if today < _alarm_day(county, today):
        return []
    found = [gap for gap in gaps(years=[today.year + 1]) if gap.layer in {"", county.region}]
    details = {gap: f"{gap.year} 年{layer_name(gap.layer) or '全国'}放假安排还没有录入，涉及该年的期限都是暂定的。" for gap in found}
    open_details = set(Alarm.objects.filter(kind=CALENDAR_MISSING, county=county, cleared_at=None).values_list("detail", flat=True))
    new = [gap for gap in found if details[gap] not in open_details]
    Alarm.objects.bulk_create(Alarm(county=county, kind=CALENDAR_MISSING, detail=details[gap], raised_at=at) for gap in new)
    return new


def _alarm_day(county: County, today: date) -> date:
    month, day = str(rulebook_on(county_id=county.pk, day=today).parameter("calendar_alarm_from")).split("-")
    return date(today.year, int(month), int(day))


def _near_clocks(county: County, *, at: datetime) -> int:
    limit = calendar_of(county.region).add(clock.civil_day(at), NEAR).last_day
    rows = Deadline.objects.filter(county=county, state__in=OPEN, provisional=True, last_day__lte=limit).exclude(
        alarms__kind=PROVISIONAL_NEAR, alarms__cleared_at=None
    )
    new = Alarm.objects.bulk_create(
        [
            Alarm(
                county=county,
                kind=PROVISIONAL_NEAR,
                deadline=row,
                detail=f"暂定期限 {row.last_day.isoformat()} 将近，放假安排仍未录入；录入之前，期满不产生后果。",
                raised_at=at,
            )
            for row in rows
        ],
        batch_size=1000,
    )
    return len(new)


def _tell_admins(county: County, *, years: list[int], clocks: int, at: datetime) -> None:
    parts = [f"{'、'.join(map(str, years))} 年放假安排还没有录入"] if years else []
    parts += [f"{clocks} 个暂定期限将在 {NEAR} 个工作日内届满"] if clocks else []
    what = f"{'，'.join(parts)}；录入之前，期满不产生后果，请及时录入。"
    notices.send(
        kind="alarm",
        users=organizations.people_of_county(county_id=county.pk, roles=(Role.SYSTEM_ADMIN,), on=clock.civil_day(at)),
        subject=county,
        params={"what": what},
        county_id=county.pk,
        organ_id=None,
        at=at,
    )
