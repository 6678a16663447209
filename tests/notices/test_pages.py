"""The pages of notices: one's own, what one wants sent, and the pen."""

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from foundation.notices import actions
from foundation.notices.models import Delivery, Notice, Preference
from foundation.organizations.models import Membership, OrganGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client, world):
    """Sign a person in with a post in the organ and these permissions on it."""

    def sign_in(user, *permissions):
        group = Group.objects.create(name=f"of {user.username}")
        Membership.objects.create(user=user, organ=world.organ, role="liaison", group=group, valid_from=date(2020, 1, 1))
        for codename in permissions:
            permission = Permission.objects.get(codename=codename, content_type__app_label="organizations")
            OrganGrant.objects.create(group=group, permission=permission, content_object=world.organ)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def test_one_sees_only_ones_own(sign_in, tell, world):
    tell(world.quiet)
    tell(world.mailed, params={"title": "别人的事项"})
    page = sign_in(world.quiet).get(reverse("notices"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "未读 1 条" in text
    assert "审批局推送了“食品经营许可·新办”" in text
    assert "别人的事项" not in text


def test_markup_in_a_title_stays_text(sign_in, tell, world):
    tell(world.quiet, params={"title": "<script>alert(1)</script>"})
    text = sign_in(world.quiet).get(reverse("notices")).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_mark_read_one_then_all(sign_in, tell, world):
    for _ in range(3):
        tell(world.quiet)
    tell(world.mailed)
    web = sign_in(world.quiet)
    first, *_, newest = Notice.objects.filter(user=world.quiet).order_by("id")
    web.post(reverse("notice_read"), {"notice": first.pk})
    assert Notice.objects.filter(user=world.quiet, read_at=None).count() == 2
    tell(world.quiet)
    web.post(reverse("notice_read"), {"up_to": newest.pk})
    assert Notice.objects.filter(user=world.quiet, read_at=None).count() == 1, "what came after the page stays unread"
    assert Notice.objects.filter(user=world.mailed, read_at=None).count() == 1


def test_reading_asks_for_post(sign_in, tell, world):
    tell(world.quiet)
    web = sign_in(world.quiet)
    assert web.get(reverse("notice_read")).status_code == 405
    assert web.get(reverse("notice_open", args=[Notice.objects.get().pk])).status_code == 405
    assert Notice.objects.get().read_at is None


def test_anothers_notice_is_not_found(sign_in, tell, world):
    tell(world.mailed)
    foreign = Notice.objects.get()
    web = sign_in(world.quiet)
    assert web.post(reverse("notice_open", args=[foreign.pk])).status_code == 404
    web.post(reverse("notice_read"), {"notice": foreign.pk})
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_the_way_back_stays_in_the_portal(sign_in, tell, world):
    tell(world.quiet)
    notice = Notice.objects.get()
    answer = sign_in(world.quiet).post(reverse("notice_read"), {"notice": notice.pk, "back": "https://elsewhere.invalid/"})
    assert answer["Location"] == reverse("notices")


def test_fifty_a_page_with_a_fixed_number_of_queries(sign_in, tell, world, django_assert_max_num_queries):
    for number in range(120):
        tell(world.quiet, params={"title": f"事项{number}"})
    web = sign_in(world.quiet)
    web.get(reverse("notices"))
    with django_assert_max_num_queries(14):
        first = web.get(reverse("notices"))
    assert len(first.context["rows"]) == 50
    second = web.get(reverse("notices"), {"before": first.context["next"]})
    third = web.get(reverse("notices"), {"before": second.context["next"]})
    titles = [row["row"].params["title"] for page in (first, second, third) for row in page.context["rows"]]
    assert titles == [f"事项{number}" for number in reversed(range(120))]
    assert third.context["next"] is None


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40])
def test_a_strange_page_is_the_first_page(sign_in, tell, world, before):
    tell(world.quiet)
    assert len(sign_in(world.quiet).get(reverse("notices"), {"before": before}).context["rows"]) == 1


def test_preferences_are_saved_all_or_none(sign_in, world):
    web = sign_in(world.quiet)
    choices = {"email_digest": "daily", "email_address": "me@example.invalid", "webhook_digest": "off", "webhook_address": ""}
    assert web.post(reverse("notice_preferences"), choices).status_code == 302
    assert Preference.objects.get(user=world.quiet, channel="email").digest == "daily"
    refused = web.post(reverse("notice_preferences"), {**choices, "email_digest": "off", "webhook_digest": "hourly"})
    assert refused.status_code == 422
    assert Preference.objects.get(user=world.quiet, channel="email").digest == "daily"
    refused = web.post(reverse("notice_preferences"), {**choices, "email_address": "wrong"})
    assert "邮箱地址不正确" in refused.content.decode()


def test_the_pen_shows_reasons_and_sends_again(sign_in, tell, world):
    actions.prefer(user_id=world.mailed.pk, channel="email", digest="at_once", address="")
    tell(world.mailed)
    Delivery.objects.update(state="failed", tries=6, last_error="接口回应 500")
    web = sign_in(world.quiet, "manage_accounts")
    text = web.get(reverse("delivery_pen")).content.decode()
    assert "接口回应 500" in text
    assert "mailed@example.invalid" in text
    web.post(reverse("delivery_resend", args=[Delivery.objects.get().pk]))
    assert Delivery.objects.get().state == "waiting"
    assert "没有送不出去的消息" in web.get(reverse("delivery_pen")).content.decode()


def test_the_pen_is_closed_to_others(sign_in, world):
    web = sign_in(world.quiet, "view_matter")
    assert web.get(reverse("delivery_pen")).status_code == 403
    assert web.post(reverse("delivery_resend", args=[1])).status_code == 403


@pytest.mark.parametrize("name", ["notices", "notice_preferences", "delivery_pen"])
def test_nobody_gets_in_without_signing_in(client, name, world):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
