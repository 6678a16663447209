"""The journal's page: behind the county's wall, for those who may read it."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from foundation.journal.models import Entry
from foundation.organizations.models import County, Membership, Organ, OrganGrant, User
from foundation.organizations.validators import credit_check_digit

pytestmark = pytest.mark.django_db


@pytest.fixture
def organs(db):
    """Two organs of one county, one of another."""
    counties = [County.objects.create(code="360735", name="石城县"), County.objects.create(code="640221", name="平罗县")]
    found = []
    for number, county in enumerate([counties[0], counties[0], counties[1]]):
        body = f"1136073500000000{number}"
        uscc = body + credit_check_digit(body)
        found.append(
            Organ.objects.create(county=county, kind="department", name=f"演示机关{number}", short_name=f"机关{number}", uscc=uscc)
        )
    return found


@pytest.fixture
def reader(client, organs):
    """Sign somebody in who may read the journal of these organs."""

    def reader(*readable):
        user = User.objects.create(username="auditor", full_name="审计员")
        group = Group.objects.create(name="auditors")
        Membership.objects.create(user=user, organ=organs[0], role="auditor", group=group, valid_from=date(2020, 1, 1))
        permission = Permission.objects.get(codename="view_journal", content_type__app_label="organizations")
        for organ in readable:
            OrganGrant.objects.create(group=group, permission=permission, content_object=organ)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return reader


@pytest.fixture
def rows(write, organs):
    """One row of each organ, and one of a rule that belongs to no organ."""
    county, other = organs[0].county_id, organs[2].county_id
    return {
        "own": write(county_id=county, organ_id=organs[0].pk, reason="本单位", subject_id=11),
        "neighbour": write(county_id=county, organ_id=organs[1].pk, reason="同县别单位", actor_name="王强"),
        "rule": write(county_id=county, organ_id=None, reason="规则所为", verb="push.auto_claim", client="rule"),
        "foreign": write(county_id=other, organ_id=organs[2].pk, reason="外县"),
    }


def seen(web, **query):
    return [item["row"].reason for item in web.get(reverse("journal_list"), query).context["rows"]]


def test_the_auditor_of_the_county_sees_all_of_it_and_nothing_else(reader, organs, rows):
    assert seen(reader(organs[0], organs[1])) == ["规则所为", "同县别单位", "本单位"]


def test_who_reads_one_organs_journal_sees_only_that(reader, organs, rows):
    assert seen(reader(organs[0])) == ["本单位"]


def test_a_grant_in_another_county_does_not_pass_the_wall(reader, organs, rows):
    assert seen(reader(organs[0], organs[1], organs[2])) == ["规则所为", "同县别单位", "本单位"]


def test_without_the_permission_the_page_says_whom_to_ask(reader, rows):
    answer = reader().get(reverse("journal_list"))
    assert answer.status_code == 403
    assert "安全审计员" in answer.content.decode()


def test_filters(reader, organs, rows):
    web = reader(organs[0], organs[1])
    assert seen(web, person="王强") == ["同县别单位"]
    assert seen(web, organ=organs[0].pk) == ["本单位"]
    assert seen(web, verb="push.auto_claim") == ["规则所为"]
    assert seen(web, number=11) == ["本单位"]
    today = date.today()
    recorded = Entry.objects.get(pk=rows["own"].pk).recorded_at.astimezone().date()
    assert abs(recorded - today) <= timedelta(days=1)
    assert len(seen(web, since=(recorded - timedelta(days=2)).isoformat(), until=(recorded + timedelta(days=2)).isoformat())) == 3
    assert seen(web, since=(recorded + timedelta(days=2)).isoformat()) == []


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-10-02", "until": "2026-10-01"},
        {"since": "gestern"},
        {"since": "0001-01-01"},
        {"number": "x"},
        {"verb": "DROP TABLE"},
        {"organ": "999999"},
    ],
)
def test_a_wrong_filter_gets_words_and_no_rows(reader, organs, rows, query):
    answer = reader(organs[0]).get(reverse("journal_list"), query)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_what_a_person_wrote_stays_text(reader, organs, write):
    write(county_id=organs[0].county_id, organ_id=organs[0].pk, reason="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in reader(organs[0]).get(reverse("journal_list")).content.decode()


def test_fifty_a_page(reader, organs, write):
    for number in range(60):
        write(county_id=organs[0].county_id, organ_id=organs[0].pk, reason=str(number))
    web = reader(organs[0])
    first = web.get(reverse("journal_list"))
    assert [item["row"].reason for item in first.context["rows"]] == [str(number) for number in range(59, 9, -1)]
    assert seen(web, before=first.context["next"]) == [str(number) for number in range(9, -1, -1)]


def test_the_export_holds_the_same_rows_and_is_journaled(reader, organs, rows, write):
    write(county_id=organs[0].county_id, organ_id=organs[0].pk, reason="=1+1")
    web = reader(organs[0])
    answer = web.get(reverse("journal_export"))
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    lines = list(sheet.iter_rows())
    heading = next(number for number, line in enumerate(lines) if any(cell.value == "理由" for cell in line))
    column = [cell.value for cell in lines[heading]].index("理由")
    assert [line[column].value for line in lines[heading + 1 :]] == ["=1+1", "本单位"]
    assert lines[heading + 1][column].data_type == "s"
    assert Entry.objects.get(verb="journal.export").after == {"rows": 2}
