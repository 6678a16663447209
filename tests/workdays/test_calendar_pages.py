"""The calendar page, a date tried on it, and the import in two steps."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from foundation.common import clock
from foundation.organizations.models import County, Membership, Organ, OrganGrant, User
from foundation.organizations.validators import credit_check_digit
from foundation.workdays import queries
from foundation.workdays.models import CalendarYear

NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
DAYS = ["2026-12-31", "2027-01-01", *(f"2027-05-0{n}" for n in range(1, 4)), *(f"2027-10-0{n}" for n in range(1, 8))]
FILE = "date,kind,name\n" + "".join(f"{day},holiday,节\n" for day in DAYS) + "2027-01-09,make_up,元旦\n"


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(datetime(2026, 10, 10, 10, 30, tzinfo=clock.ZONE)):
        yield


def signed_in(*permissions: str, region: str = "") -> Client:
    call_command("load_calendars", verbosity=0)
    county = County.objects.create(code="640221", name="平罗县", region=region)
    body = "11640221MB9Y00010"
    organ = Organ.objects.create(
        county=county, kind="approval_bureau", name="平罗县局", short_name="局", uscc=body + credit_check_digit(body)
    )
    group = Group.objects.create(name="g")
    for codename in permissions:
        OrganGrant.objects.create(group=group, permission=Permission.objects.get(codename=codename), content_object=organ)
    user = User.objects.create_user("wang", full_name="王敏")
    Membership.objects.create(user=user, organ=organ, role="system_administrator", group=group, valid_from=date(2026, 1, 1))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, **query: object) -> str:
    answer = client.get("/calendar/", query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
def test_nobody_sees_it_without_signing_in() -> None:
    assert Client().get("/calendar/").status_code == 302
    assert Client().get("/calendar/import/").status_code == 302


@pytest.mark.django_db
def test_each_day_says_in_words_what_it_is_and_who_says_so() -> None:
    text = page(signed_in(), year=2026)
    assert "248 个工作日" in text
    assert (
        'title="10月10日 调休上班（国庆节），来源：国务院办公厅关于2026年部分节假日安排的通知" aria-current="date">10<span>调休上班</span>'
        in text
    )
    assert "10月1日 放假 国庆节，来源" in text
    assert "2026 年暂定" not in text
    assert "录入放假通知" not in text


@pytest.mark.django_db
def test_a_year_without_notice_says_that_it_is_provisional() -> None:
    assert "2027 年暂定" in page(signed_in(), year=2027)


@pytest.mark.django_db
def test_a_region_shows_its_own_days_and_what_is_missing() -> None:
    client = signed_in(region="NX")
    assert "5月13日 放假 开斋节" in page(client, year=2021)
    assert "地区节假日通知尚未录入" in page(client, year=2026)
    assert "5月13日 放假 开斋节" not in page(client, year=2021, region="")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "length", "unit", "direction", "expected"),
    [
        ("2026-09-29", 5, "workdays", "after", "2026年10月12日（一） 24:00"),
        ("2026-10-12", 3, "workdays", "before", "2026年10月8日（四） 24:00"),
        ("2026-09-29", 2, "days", "after", "2026年10月8日（四） 24:00"),
        ("2026-03-02", 3, "months", "after", "2026年6月2日（二） 24:00"),
        ("2026-11-20", 30, "workdays", "after", "2027 年的节假日安排尚未公布，日期暂定"),
        ("2026-03-02", 3, "months", "before", "按月数的期限只能往后数"),
        ("2099-12-31", 3, "workdays", "after", "日期超出日历范围"),
    ],
)
def test_a_date_is_tried_with_its_reasons(day: str, length: int, unit: str, direction: str, expected: str) -> None:
    assert expected in page(signed_in(), day=day, length=length, unit=unit, direction=direction)


@pytest.mark.django_db
def test_a_year_that_is_none_shows_this_year() -> None:
    client = signed_in()
    assert "2026 年日历" in page(client, year="二〇二六")
    assert "2099 年日历" in page(client, year="9999")


def upload(client: Client, text: str) -> str:
    file = SimpleUploadedFile("2027.csv", text.encode())
    data = {"layer": "national", "year": 2027, "notice": NOTICE, "url": "", "file": file}
    return client.post("/calendar/import/", data).content.decode()


@pytest.mark.django_db
def test_only_who_may_manage_rules_may_import() -> None:
    client = signed_in("claim_push")
    assert client.get("/calendar/import/").status_code == 403
    upload(client, FILE)
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.django_db
def test_a_notice_is_seen_before_it_is_imported() -> None:
    client = signed_in("manage_rules")
    text = upload(client, FILE)
    assert "改变的日子" in text
    assert "2026年12月31日（四）" in text
    assert not CalendarYear.objects.filter(year=2027).exists()
    hidden = {"layer": "national", "year": 2027, "notice": NOTICE, "url": "", "rows": FILE}
    hidden["seen"] = "-".join(str(part) for part in queries.read_stamp()[1:])
    answer = client.post("/calendar/import/", hidden, follow=True)
    assert "2027 年（全国）的放假安排已录入" in answer.content.decode()
    assert queries.calendar_of("").kind_of(date(2027, 1, 9)).words == "调休上班"


@pytest.mark.django_db
def test_a_preview_that_is_out_of_date_imports_nothing() -> None:
    client = signed_in("manage_rules")
    upload(client, FILE)
    answer = client.post(
        "/calendar/import/", {"layer": "national", "year": 2027, "notice": NOTICE, "url": "", "rows": FILE, "seen": "1-1-1"}
    )
    assert answer.status_code in {302, 409}
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.django_db
def test_every_mistake_of_the_file_is_listed() -> None:
    text = upload(signed_in("manage_rules"), FILE + "2027-01-08,make_up,元旦\n2027-01-01,holiday,元旦\n")
    assert "文件里有 2 处要改" in text
    assert "第 15 行“kind”列：2027-01-08 是周一至周五" in text
    assert "第 16 行“date”列：2027-01-01 与第 3 行重复" in text
