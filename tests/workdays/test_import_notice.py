"""Importing the notice of a year."""

import threading
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from foundation.workdays import actions, queries
from foundation.workdays.models import CalendarDay, CalendarYear
from foundation.workdays.reading import Row, read_rows
from foundation.workdays.shipped import shipped_years

AT = datetime(2026, 11, 23, 9, 0, tzinfo=clock.ZONE)
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
SYSTEM = Actor(county_id=0, client="command", name="系统")
ADMINISTRATOR = Actor(county_id=1, client="web", user_id=7, name="管理员", organ_id=5, rights={"manage_rules": frozenset({5})})


def rows_2027(extra: str = "") -> list[Row]:
    """A made-up arrangement of 2027: the New Year holiday begins on 31 December 2026 and is made up on Saturday 9 January."""
    spans = {"元旦": ["2026-12-31", "2027-01-01"], "劳动节": ["2027-05-01", "2027-05-02", "2027-05-03"]}
    spans["国庆节"] = [f"2027-10-0{number}" for number in range(1, 8)]
    lines = [f"{day},holiday,{name}" for name, days in spans.items() for day in days]
    text = "\n".join(["date,kind,name", *lines, "2027-01-09,make_up,元旦", extra])
    return read_rows(filename="2027.csv", content=text.encode())


def import_2027(actor: Actor = ADMINISTRATOR, extra: str = "", **more: str) -> CalendarYear:
    return actions.import_year(layer="", year=2027, rows=rows_2027(extra), notice=NOTICE, actor=actor, at=AT, **more)


@pytest.fixture
def shipped(db: None) -> None:
    call_command("load_calendars", verbosity=0)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What a room that listens to changes is told."""
    heard: list[dict] = []

    class Recorder:
        def of(self, key: str) -> list[Callable[..., None]]:
            assert key == "any"
            return [lambda **said: heard.append(said)]

    monkeypatch.setattr(actions, "calendar_changed", Recorder())
    return heard


def test_a_provisional_year_becomes_official(shipped: None, told: list[dict]) -> None:
    before = queries.calendar_of("").add(date(2026, 11, 20), 30)
    assert before == (date(2027, 1, 4), True)
    import_2027()
    assert queries.calendar_of("").add(date(2026, 11, 20), 30) == (date(2027, 1, 5), False)
    assert queries.calendar_of("").kind_of(date(2026, 12, 31)).source == NOTICE
    assert told == [{"regions": [""], "at": AT, "notice": NOTICE}]


def test_the_day_of_another_notice_keeps_its_source(shipped: None) -> None:
    day = queries.calendar_of("").kind_of(date(2020, 2, 2))
    assert (day.words, day.source) == ("春节", "国务院办公厅关于延长2020年春节假期的通知")


def test_importing_again_changes_nothing(shipped: None, told: list[dict]) -> None:
    first = import_2027()
    assert import_2027() == first
    assert len(told) == 1
    assert Entry.objects.filter(verb="calendar.import", subject_id=first.pk).count() == 1


def test_a_corrected_notice_replaces_the_days_of_its_year_only(shipped: None, told: list[dict]) -> None:
    others = CalendarDay.objects.exclude(calendar_year__year=2027, calendar_year__layer="").count()
    import_2027()
    import_2027(extra="2027-09-15,holiday,中秋节")
    assert queries.calendar_of("").kind_of(date(2027, 9, 15)).words == "中秋节"
    assert CalendarYear.objects.filter(layer="", year=2027).count() == 1
    assert CalendarDay.objects.exclude(calendar_year__year=2027, calendar_year__layer="").count() == others
    entry = Entry.objects.filter(verb="calendar.import").latest("id")
    assert entry.before == {"notice": NOTICE}
    assert len(told) == 2


def test_only_who_may_manage_rules_imports(shipped: None) -> None:
    clerk = Actor(county_id=1, client="web", user_id=8, organ_id=5, rights={"claim_push": frozenset({5})})
    with pytest.raises(NotYours):
        import_2027(clerk)
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_notice_without_a_title_is_refused(shipped: None) -> None:
    with pytest.raises(Refused, match="依据"):
        actions.import_year(layer="", year=2027, rows=rows_2027(), notice=" ", actor=ADMINISTRATOR, at=AT)


def test_what_was_previewed_is_what_is_imported(shipped: None) -> None:
    seen = actions.fingerprint()
    import_2027(extra="2027-09-15,holiday,中秋节")
    with pytest.raises(Refused, match="预览之后日历又被改动过"):
        import_2027(seen=seen)
    import_2027(seen=actions.fingerprint())


def test_a_room_that_fails_undoes_the_import(shipped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def of(self, key: str) -> list[Callable[..., None]]:
            def fail(**said: object) -> None:
                raise Refused("不能重算")

            return [fail]

    monkeypatch.setattr(actions, "calendar_changed", Failing())
    with pytest.raises(Refused, match="不能重算"):
        import_2027()
    assert queries.calendar_of("").kind_of(date(2027, 1, 9)).provisional


def test_the_preview_lists_the_days_that_would_change(shipped: None) -> None:
    changed = {day.day: (day.before, day.after) for day in actions.compare(layer="", year=2027, rows=rows_2027(), notice=NOTICE)}
    assert changed[date(2026, 12, 31)] == ("工作日", "元旦")
    assert changed[date(2027, 1, 9)] == ("休息日", "调休上班")
    assert date(2027, 1, 1) not in changed, "the New Year's day was projected already"
    assert queries.calendar_of("").kind_of(date(2027, 1, 9)).words == "休息日", "looking changes nothing"


def test_the_proposed_calendar_counts_as_the_imported_one(shipped: None) -> None:
    proposed = actions.proposed(layer="", year=2027, rows=rows_2027(), notice=NOTICE)[""]
    expected = proposed.add(date(2026, 11, 20), 30)
    import_2027()
    assert queries.calendar_of("").add(date(2026, 11, 20), 30) == expected


def test_loading_what_ships_is_idempotent_and_keeps_corrections(shipped: None) -> None:
    count = CalendarDay.objects.count()
    assert CalendarYear.objects.count() == len(shipped_years())
    corrected = [row for row in shipped_years()[7].rows if row.day != date(2026, 2, 23)]
    actions.import_year(layer="", year=2026, rows=corrected, notice="更正", actor=SYSTEM, at=AT)
    call_command("load_calendars", verbosity=0)
    assert CalendarDay.objects.count() == count - 1
    assert queries.calendar_of("").kind_of(date(2026, 2, 23)).words == "工作日"


def test_a_regional_layer_lies_over_the_national_one(shipped: None) -> None:
    assert not queries.calendar_of("NX").is_working(date(2021, 5, 13))
    assert queries.calendar_of("").is_working(date(2021, 5, 13))
    assert queries.calendar_of("XX").add(date(2026, 9, 30), 5) == queries.calendar_of("").add(date(2026, 9, 30), 5)


def test_an_empty_database_projects_every_year(db: None) -> None:
    CalendarYear.objects.all().delete()
    assert queries.calendar_of("").add(date(2026, 9, 30), 1) == (date(2026, 10, 5), True)


def test_missing_notices_are_known(shipped: None) -> None:
    assert [(gap.layer, gap.year) for gap in queries.gaps(years=[2026, 2027])] == [("", 2027)]


def test_a_rolled_back_import_leaves_the_calendar(shipped: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        import_2027()
        assert not queries.calendar_of("").kind_of(date(2027, 1, 9)).provisional
        raise RuntimeError
    assert queries.calendar_of("").kind_of(date(2027, 1, 9)).provisional


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_an_act_that_counts_and_is_seen_by_the_next() -> None:
    """The act under way counts on the old notice and commits; the import re-dates after it; the next act sees the new notice."""
    call_command("load_calendars", verbosity=0)
    imported = threading.Event()

    def do_import() -> None:
        try:
            import_2027(SYSTEM)
            imported.set()
        finally:
            connection.close()

    with transaction.atomic():
        queries.hold_calendar()
        worker = threading.Thread(target=do_import)
        worker.start()
        assert not imported.wait(0.5)
        assert queries.calendar_of("").kind_of(date(2027, 1, 9)).provisional
    worker.join(10)
    assert imported.is_set()
    with transaction.atomic():
        assert not queries.calendar_of("").kind_of(date(2027, 1, 9)).provisional
