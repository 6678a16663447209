"""Sending: in the causing transaction, once a person, with the deliveries the person asked for."""

from datetime import datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from foundation.common.clock import ZONE
from foundation.notices import actions, queries, words
from foundation.notices.models import Delivery, Notice
from foundation.organizations.models import Organ, User

pytestmark = pytest.mark.django_db


def test_each_person_is_told_once(tell, world, at, django_assert_num_queries):
    ContentType.objects.get_for_model(world.organ)
    with django_assert_num_queries(1):
        assert tell(world.quiet, world.mailed, world.quiet) == 2
    notice = Notice.objects.get(user=world.quiet)
    assert (notice.subject_id, notice.organ, notice.effective_at, notice.read_at) == (world.organ.pk, world.organ, at, None)
    assert notice.params["title"] == "食品经营许可·新办"
    assert not Delivery.objects.exists()


def test_nobody_to_tell_is_no_statement(tell, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert tell() == 0


def test_a_rolled_back_act_tells_nobody(tell, world):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(world.quiet)
        raise RuntimeError
    assert not Notice.objects.exists()


def test_what_is_not_a_known_parameter_is_not_stored(tell, world):
    tell(world.quiet, params={"title": "某事项", "party_name": "张三", "id_number": "36073519900101001X", "organ": ""})
    assert Notice.objects.get().params == {"title": "某事项"}


def test_a_kind_without_words_is_a_programming_error(tell, world):
    with pytest.raises(ValueError, match="no words"):
        tell(world.quiet, kind="push_recieved")


def test_deliveries_follow_preferences(tell, world, at):
    actions.prefer(user_id=world.mailed.pk, channel="email", digest="at_once", address="")
    actions.prefer(user_id=world.both.pk, channel="email", digest="daily", address="desk@example.invalid")
    actions.prefer(user_id=world.both.pk, channel="webhook", digest="at_once", address="")
    actions.prefer(user_id=world.quiet.pk, channel="email", digest="off", address="")
    tell(*world.people)
    rows = list(Delivery.objects.order_by("notice__user__username", "channel").values_list("channel", "address", "batched", "next_try_at"))
    morning = datetime(2026, 10, 10, 8, 30, tzinfo=ZONE)
    assert rows == [
        ("email", "desk@example.invalid", True, morning),
        ("webhook", "13800000002", False, at),
        ("email", "mailed@example.invalid", False, at),
    ]


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        (datetime(2026, 10, 9, 8, 29, tzinfo=ZONE), datetime(2026, 10, 9, 8, 30, tzinfo=ZONE)),
        (datetime(2026, 10, 9, 8, 30, tzinfo=ZONE), datetime(2026, 10, 10, 8, 30, tzinfo=ZONE)),
        (datetime(2026, 10, 9, 23, 59, tzinfo=ZONE), datetime(2026, 10, 10, 8, 30, tzinfo=ZONE)),
        (datetime(2026, 10, 10, 0, 0, tzinfo=ZONE), datetime(2026, 10, 10, 8, 30, tzinfo=ZONE)),
    ],
)
def test_a_digest_waits_for_the_next_half_past_eight(tell, world, moment, morning):
    actions.prefer(user_id=world.mailed.pk, channel="email", digest="daily", address="")
    tell(world.mailed, at=moment)
    assert Delivery.objects.get().next_try_at == morning


def test_who_has_left_gets_no_mail(tell, world):
    actions.prefer(user_id=world.mailed.pk, channel="email", digest="at_once", address="")
    User.objects.filter(pk=world.mailed.pk).update(is_active=False)
    assert tell(world.mailed) == 1
    assert not Delivery.objects.exists()


def test_without_an_address_there_is_no_delivery(tell, world):
    User.objects.filter(pk=world.both.pk).update(phone="")
    actions.prefer(user_id=world.both.pk, channel="webhook", digest="at_once", address="")
    tell(world.both)
    assert not Delivery.objects.exists()


def test_a_query_tells_a_thousand_people_by_one_statement(world, at, django_assert_num_queries):
    User.objects.bulk_create([User(username=f"u{number}", email=f"u{number}@example.invalid") for number in range(1000)])
    actions.prefer(user_id=User.objects.get(username="u500").pk, channel="email", digest="at_once", address="")
    ContentType.objects.get_for_model(world.organ)
    with django_assert_num_queries(1):
        count = actions.send_select(
            kind="push_auto_claimed",
            subject_model=Organ,
            select_sql="SELECT u.id, %(county)s::bigint, %(organ)s::bigint, %(organ)s::bigint, jsonb_build_object('title', u.username), %(due)s"
            " FROM organizations_user u WHERE u.username LIKE 'u%%'",
            params={"county": world.county.pk, "organ": world.organ.pk, "due": at - timedelta(days=3)},
        )
    assert count == 1000
    assert Notice.objects.get(user__username="u7").params == {"title": "u7"}
    delivery = Delivery.objects.get()
    assert delivery.notice.user.username == "u500"
    assert delivery.next_try_at == at - timedelta(days=3)


def test_reading(tell, world, at):
    for _ in range(3):
        tell(world.quiet)
    tell(world.mailed)
    first, second, third = Notice.objects.filter(user=world.quiet).order_by("id")
    foreign = Notice.objects.get(user=world.mailed)
    assert queries.unread_count(world.quiet) == 3
    assert actions.mark_read(user_id=world.quiet.pk, notice_ids=[first.pk, foreign.pk], at=at) == 1
    assert queries.unread_count(world.mailed) == 1
    assert actions.mark_all_read(user_id=world.quiet.pk, up_to=second.pk, at=at) == 1
    assert list(queries.of_user(user_id=world.quiet.pk, unread=True)) == [third]
    assert list(queries.of_user(user_id=world.quiet.pk, before=third.pk)) == [second, first]


def test_words_leave_out_what_is_missing():
    whole = words.text_of(
        "push_returned", {"receiver": "市监局", "title": "某许可", "document_number": "石行审许〔2026〕0001号", "reason": "不属本单位"}
    )
    assert whole == "市监局退回了“某许可”（石行审许〔2026〕0001号），理由：不属本单位。请答复。"
    assert (
        words.text_of("reminder", {"term": "认领期限", "last_day": "2026-10-15", "organ": 12})
        == "认领期限即将届满，最后一天是10月15日（四）。"
    )


@pytest.mark.parametrize("kind", sorted(words.KINDS))
def test_every_kind_reads_with_and_without_its_parameters(kind):
    full = words.text_of(kind, dict.fromkeys(words.PARAMETERS, "甲"))
    bare = words.text_of(kind, {})
    for text in (full, bare):
        assert not set("[]{}") & set(text)
    assert "甲" in full
    assert words.title_of(kind)
