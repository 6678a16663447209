"""Signing in and out, locks, idle sessions, passwords, accounts, and the organ one acts for."""

import time
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from foundation.common.errors import NotYours, Refused
from foundation.organizations import actions, middleware
from foundation.organizations.acting import SESSION_KEY
from foundation.organizations.models import Membership, User
from foundation.organizations.statuses import Role
from tests.factories import AT, PASSWORD, World, person, user


def sign_in(client: Client, username: str, password: str):
    """Fill in the log-in form."""
    return client.post(reverse("login"), {"username": username, "password": password})


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def test_the_right_password_opens_the_workbench(shicheng: World, browser: Client) -> None:
    who = shicheng.who(shicheng.departments[0], Role.LIAISON)
    answer = sign_in(browser, who.user.username, PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_wrong_password_says_how_many_tries_are_left(shicheng: World, browser: Client) -> None:
    answer = sign_in(browser, shicheng.who(shicheng.bureau, Role.WINDOW_CLERK).user.username, "wrong-password")
    assert "再错 4 次，账号锁定 30 分钟" in answer.content.decode()


def test_five_wrong_passwords_lock_even_the_right_one_out(shicheng: World, browser: Client) -> None:
    name = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK).user.username
    for _ in range(5):
        answer = sign_in(browser, name, "wrong-password")
    assert "账号已锁定" in answer.content.decode()
    assert "账号已锁定" in sign_in(browser, name, PASSWORD).content.decode()


def test_signing_out_takes_a_post(shicheng: World) -> None:
    client = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK).browser()
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(reverse("account")).status_code == 302


@pytest.mark.parametrize("minutes, stays", [(29, True), (31, False)])
def test_a_session_ends_after_half_an_hour_without_use(shicheng: World, monkeypatch: pytest.MonkeyPatch, minutes: int, stays: bool) -> None:
    client = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK).browser()
    assert client.get(reverse("account")).status_code == 200
    later = time.time() + minutes * 60
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    assert (client.get(reverse("account")).status_code == 200) is stays


@pytest.mark.parametrize("changed_days_ago, asked", [(None, True), (91, True), (89, False)])
def test_an_old_or_given_password_is_asked_to_be_changed(
    shicheng: World, browser: Client, changed_days_ago: int | None, asked: bool
) -> None:
    who = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK).user
    changed = None if changed_days_ago is None else AT - timedelta(days=changed_days_ago)
    User.objects.filter(pk=who.pk).update(password_changed_at=changed)
    assert (sign_in(browser, who.username, PASSWORD)["Location"] == reverse("password")) is asked


def test_a_person_changes_the_own_password(shicheng: World, browser: Client) -> None:
    who = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK)
    client, new = who.browser(), "another-Fine-pass-8"
    answer = client.post(reverse("password"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 302
    assert client.get(reverse("account")).status_code == 200
    assert sign_in(browser, who.user.username, new).status_code == 302
    who.user.refresh_from_db()
    assert who.user.password_changed_at == AT


@pytest.mark.parametrize("weak", ["short-1", "1234567890123", "password1234"])
def test_a_weak_password_is_refused(shicheng: World, weak: str) -> None:
    with pytest.raises(Refused):
        actions.create_user(username="weak", full_name="弱", password=weak, actor=shicheng.officer(Role.SYSTEM_ADMIN).actor)
    assert not User.objects.filter(username="weak").exists()


def test_a_user_name_is_taken_once_whatever_its_case(shicheng: World) -> None:
    admin = shicheng.officer(Role.SYSTEM_ADMIN).actor
    actions.create_user(username="LiHui", full_name="李慧", password=PASSWORD, actor=admin)
    with pytest.raises(Refused, match="已有人使用"):
        actions.create_user(username="lihui", full_name="李辉", password=PASSWORD, actor=admin)


def test_an_account_with_a_post_is_not_shut(shicheng: World) -> None:
    who, admin = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK), shicheng.officer(Role.SYSTEM_ADMIN)
    with pytest.raises(Refused, match="还有任职"):
        actions.disable_user(user=who.user, actor=admin.actor)
    actions.end_membership(membership=who.membership, last_day=date(2026, 10, 12), actor=admin.actor)
    client = who.browser()
    actions.disable_user(user=who.user, actor=admin.actor)
    assert client.get(reverse("account")).status_code == 302


def test_only_the_system_administrator_of_the_county_shuts_accounts(shicheng: World, baokang: World) -> None:
    somebody = person(Role.INSPECTOR, shicheng.departments[0], until=date(2026, 10, 1))
    for actor in (baokang.officer(Role.SYSTEM_ADMIN).actor, shicheng.officer(Role.SECURITY_ADMIN).actor):
        with pytest.raises(NotYours):
            actions.disable_user(user=somebody.user, actor=actor)


def test_a_person_of_two_organs_chooses_one(shicheng: World) -> None:
    first, second = shicheng.departments
    who = shicheng.who(first, Role.LIAISON)
    person(Role.INSPECTOR, second, who=who.user)
    client = who.browser()
    assert f"改为{second.short_name}办理" in client.get(reverse("account")).content.decode()
    client.post(reverse("choose_organ"), {"organ": second.pk})
    assert client.session[SESSION_KEY] == second.pk
    assert f"改为{first.short_name}办理" in client.get(reverse("account")).content.decode()


@pytest.mark.parametrize("wanted", ["other", "nonsense", ""])
def test_nobody_acts_for_an_organ_without_a_post_there(shicheng: World, wanted: str) -> None:
    client = shicheng.who(shicheng.departments[0], Role.LIAISON).browser()
    answer = client.post(reverse("choose_organ"), {"organ": shicheng.departments[1].pk if wanted == "other" else wanted})
    assert answer.status_code == 409
    assert SESSION_KEY not in client.session


def test_demo_accounts_are_listed_in_the_embedded_demo_only(shicheng: World, browser: Client, settings) -> None:
    who = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK).user
    User.objects.filter(pk=who.pk).update(is_demo=True)
    settings.EMBEDDED = False
    assert who.username not in browser.get(reverse("login")).content.decode()
    settings.EMBEDDED = True
    assert f'<a href="?u={who.username}">' in browser.get(reverse("login")).content.decode()
    assert f'value="{who.username}"' in browser.get(reverse("login"), {"u": who.username}).content.decode()


def test_accounts_and_roles_are_given_by_two_different_officers(shicheng: World) -> None:
    system, security = (shicheng.officer(role).browser() for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN))
    system.post(reverse("account_new"), {"username": "newcomer", "full_name": "新人", "password": PASSWORD})
    newcomer = User.objects.get(username="newcomer")
    post = {"user": newcomer.pk, "organ": shicheng.bureau.pk, "role": Role.WINDOW_CLERK, "valid_from": "2026-10-12"}
    assert system.post(reverse("post_new"), post).status_code == 403
    assert security.post(reverse("account_new"), {"username": "other", "full_name": "他", "password": PASSWORD}).status_code == 403
    assert security.post(reverse("post_new"), post).status_code == 302
    assert Membership.objects.get(user=newcomer).organ_id == shicheng.bureau.pk


def test_the_pages_open_for_those_they_are_for(shicheng: World) -> None:
    clerk, admin = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK), shicheng.officer(Role.SYSTEM_ADMIN)
    lead = shicheng.who(shicheng.departments[0], Role.LIAISON_LEADER)
    assert clerk.browser().get(reverse("liaison_register")).status_code == 200
    assert clerk.browser().get(reverse("people")).status_code == 403
    assert admin.browser().get(reverse("people"), {"q": "市场"}).status_code == 200
    assert admin.browser().get(reverse("leave", args=[lead.membership.pk])).status_code == 200
    form = lead.browser().get(reverse("liaison_edit", args=[lead.organ.pk]))
    assert 'value="2026-10-12"' in form.content.decode()
    assert shicheng.platform.short_name not in clerk.browser().get(reverse("liaison_register")).content.decode()
    assert lead.browser().get(reverse("liaison_edit", args=[shicheng.departments[1].pk])).status_code == 403
    assert admin.browser().get(reverse("leave", args=[0])).status_code == 404


def test_somebody_without_a_post_today_is_told_so(shicheng: World) -> None:
    stranger = user()
    client = Client(HTTP_HOST="localhost")
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("liaison_register"))
    assert answer.status_code == 403
    assert "没有在任职务" in answer.content.decode()
