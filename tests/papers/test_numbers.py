"""Official numbers: no doubles, no gaps, the year of the civil day in Asia/Shanghai, voided ones kept."""

import threading
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.common.clock import ZONE
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from foundation.papers.actions import next_number, void_number
from foundation.papers.models import OfficialNumber
from foundation.papers.numbers import check_number, is_number, normalise_number

PATTERN = "石行审许〔{year}〕{number:04d}号"


@pytest.fixture
def give(world, at):
    def give(**changes):
        values = {"actor": world.actor, "organ": world.bureau, "kind": "decision", "pattern": PATTERN, "at": at, **changes}
        return next_number(**values)

    return give


@pytest.mark.django_db(transaction=True)
def test_fifty_writers_get_fifty_numbers_in_a_row(world, give):
    start, errors = threading.Barrier(50), []

    def one():
        try:
            start.wait(30)
            with transaction.atomic():
                give()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    texts = sorted(OfficialNumber.objects.values_list("text", flat=True))
    assert texts == [f"石行审许〔2026〕{number:04d}号" for number in range(1, 51)]
    assert Entry.objects.filter(verb="number.give").count() == 50


@pytest.mark.django_db
def test_a_failed_act_gives_its_number_back(give):
    give()
    with pytest.raises(RuntimeError), transaction.atomic():
        give()
        raise RuntimeError
    assert give().text == "石行审许〔2026〕0002号"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=ZONE), 2026),
        (datetime(2027, 1, 1, 0, 0, tzinfo=ZONE), 2027),
        (datetime.fromisoformat("2026-12-31T16:00:00+00:00"), 2027),
    ],
)
def test_the_year_turns_at_midnight_in_shanghai(give, moment, year):
    assert give(at=moment).text == f"石行审许〔{year}〕0001号"


@pytest.mark.django_db
def test_series_are_per_organ_kind_and_year(give, world):
    assert [give().number, give().number, give(kind="letter", pattern="石行审函〔{year}〕{number}号").number] == [1, 2, 1]
    assert give(actor=world.actor_for(world.department), organ=world.department).number == 1


@pytest.mark.django_db
def test_a_number_entered_by_hand_before_is_passed_over(give, world, at):
    OfficialNumber.objects.create(organ=world.bureau, kind="by_hand", year=2026, number=1, text="石行审许〔2026〕0002号", given_at=at)
    assert [give().number, give().number] == [1, 3]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pattern",
    [
        "石行审许〔{year}〕号",
        "{number}",
        "石行审许({year}){number}号",
        "石〔{year}〕{number}号",
        "石行审许〔{year}〕{number.real}号",
        "石行〔{year",
    ],
)
def test_a_pattern_that_makes_no_number_is_refused(give, pattern):
    with pytest.raises(Refused, match="文号式样"):
        give(pattern=pattern)
    assert not OfficialNumber.objects.exists()


@pytest.mark.django_db
def test_another_countys_organ_is_refused(give, world):
    with pytest.raises(NotYours):
        give(organ=world.stranger)


@pytest.mark.django_db
def test_a_voided_number_stays_with_its_reason_and_is_not_given_again(give, world, at):
    number = void_number(actor=world.actor, number=give(), reason=" 打印错误 ", at=at)
    assert (number.voided_at, number.void_reason) == (at, "打印错误")
    assert give().number == 2
    assert Entry.objects.get(verb="number.void").reason == "打印错误"
    with pytest.raises(Refused, match="此前已作废，原因：打印错误"):
        void_number(actor=world.actor, number=number, reason="再来", at=at)


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "words"), [("  ", "原因"), ("长" * 201, "200 字")])
def test_voiding_needs_a_short_reason(give, world, at, reason, words):
    number = give()
    with pytest.raises(Refused, match=words):
        void_number(actor=world.actor, number=number, reason=reason, at=at)
    number.refresh_from_db()
    assert number.voided_at is None


@pytest.mark.django_db
def test_another_county_cannot_void(give, world, at):
    with pytest.raises(NotYours):
        void_number(actor=world.actor_for(world.stranger), number=give(), reason="试", at=at)


@pytest.mark.django_db
def test_the_database_refuses_doubles_and_voiding_without_reason(give, at):
    row = give()
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialNumber.objects.create(organ=row.organ, kind="decision", year=2026, number=1, text="别的", given_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialNumber.objects.filter(pk=row.pk).update(voided_at=at)


@pytest.mark.parametrize(
    "typed", ["[2026]", "(2026)", "（2026）", "【2026】", "［2026］", "〔2026〕", " 〔 2026 〕 ", "〔２０２６〕", "〔2026〕第"]
)
def test_brackets_are_normalised(typed):
    assert normalise_number(f"平审服函{typed}18号") == "平审服函〔2026〕18号"


@pytest.mark.parametrize(
    "number", ["平审服函〔2026〕18号", "保职转组发〔2023〕6号", "石党字〔2021〕6号", "川政字〔2018〕136号", "石行审许〔2026〕0407号"]
)
def test_numbers_as_printed_are_accepted(number):
    assert is_number(number)
    assert check_number(number) == number


@pytest.mark.parametrize(
    "text", ["", "石行审许2026第5号", "石行审许〔26〕5号", "石行审许〔2026〕号", "A〔2026〕5号", "石行审许〔2026〕5", "石行审许〔1826〕5号"]
)
def test_other_texts_are_refused_in_words(text):
    with pytest.raises(Refused, match="应形如") as refused:
        check_number(text, "document_number")
    assert refused.value.field == "document_number"
