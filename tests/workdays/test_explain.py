"""The reasons beside a date."""

from datetime import date

from foundation.workdays.counting import Calendar
from foundation.workdays.explain import days_of, sentence


def test_each_day_says_what_it_is_and_whether_it_counts(national: Calendar) -> None:
    days = days_of(national, date(2026, 9, 29), date(2026, 10, 12), "after")
    assert [(day.day.day, day.words, day.number_words) for day in days] == [
        (29, "工作日", "第 0 日"), (30, "工作日", "第 1 日"), *((number, "国庆节", "不计") for number in range(1, 8)),
        (8, "工作日", "第 2 日"), (9, "工作日", "第 3 日"), (10, "调休上班", "第 4 日"), (11, "休息日", "不计"), (12, "工作日", "第 5 日"),
    ]  # fmt: skip
    assert [day.css for day in days] == ["ld-zero", "", *["ld-off"] * 7, "", "", "ld-swap", "ld-off", "ld-last"]
    assert {day.source for day in days if day.name} == {"国务院办公厅关于2026年部分节假日安排的通知"}


def test_the_sentence_names_what_was_skipped_and_what_was_worked(national: Calendar) -> None:
    days = days_of(national, date(2026, 9, 29), date(2026, 10, 12), "after")
    assert sentence(days, event="16:20 推送") == (
        "9月29日（二）16:20 推送，当日不计。从次日起数 5 个工作日：跳过国庆节 10月1日至7日和 10月11日（日），"
        "10月10日（六）调休上班，计为第 4 日。第 5 日是 10月12日（一），届满于当日 24:00。"
    )


def test_a_term_counted_back_is_read_from_its_last_day(national: Calendar) -> None:
    days = days_of(national, date(2026, 10, 12), date(2026, 10, 8), "before")
    assert [(day.day.day, day.number) for day in days] == [(8, 3), (9, 2), (10, 1), (11, None), (12, 0)]
    assert sentence(days, event="开会") == (
        "10月12日（一）开会，当日不计。从前一日起往回数 3 个工作日：跳过10月11日（日），10月10日（六）调休上班，计为第 1 日。"
        "第 3 日是 10月8日（四），最晚在当日 24:00 前办理。"
    )


def test_an_unpublished_year_is_said_to_be_provisional(national: Calendar) -> None:
    days = days_of(national, date(2026, 11, 20), date(2027, 1, 4), "after")
    assert [day.day for day in days if day.provisional] == [date(2027, 1, number) for number in (1, 2, 3, 4)]
    said = sentence(days)
    assert "元旦 1月1日和 周末 14 天" in said
    assert "2027年1月4日（一）" in said
    assert said.endswith("2027 年的节假日安排尚未公布，日期暂定，公布后重算。")


def test_a_regional_year_without_its_notice_is_marked_but_final(ningxia: Calendar) -> None:
    counted = ningxia.add(date(2026, 3, 19), 1)
    days = days_of(ningxia, date(2026, 3, 19), counted.last_day)
    assert not counted.provisional
    assert [day.unverified for day in days] == [True, True]
    assert "2026 年的地区节假日通知尚未录入" in sentence(days)
    assert not ningxia.kind_of(date(2021, 5, 13)).unverified
    assert not ningxia.kind_of(date(2027, 5, 13)).unverified, "a provisional year is said to be provisional, not both"


def test_calendar_days_are_counted_up_to_the_end_and_rolled_on(national: Calendar) -> None:
    days = days_of(national, date(2026, 9, 29), date(2026, 10, 8), "after", unit="days", length=2)
    assert [day.number for day in days] == [0, 1, 2, *[None] * 7]
    assert sentence(days, unit="days") == (
        "9月29日（二）事情发生，当日不计。从次日起数 2 天。期满那天不上班，顺延到下一个工作日，届满于10月8日（四）24:00。"
    )


def test_a_term_of_the_day_ends_on_it(national: Calendar) -> None:
    days = days_of(national, date(2026, 10, 12), date(2026, 10, 12))
    assert sentence(days, event="完成监管") == "10月12日（一）完成监管，届满于当日 24:00。"


def test_a_day_is_given_to_an_api_with_its_reason(national: Calendar) -> None:
    first = days_of(national, date(2026, 10, 9), date(2026, 10, 10))[1].as_json()
    assert first["date"] == "2026-10-10"
    assert (first["kind"], first["words"], first["counted"], first["number"]) == ("make_up", "调休上班", True, 1)
