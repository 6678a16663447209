"""A lock after wrong passwords hits the address of who guessed, also behind a reverse proxy."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from foundation.organizations.addresses import client_address
from foundation.organizations.statuses import Role
from tests.factories import PASSWORD, World

PROXIES = ["127.0.0.1", "10.1.1.1"]


@pytest.mark.parametrize(
    "proxies, peer, header, expected",
    [
        ([], "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        (PROXIES, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (PROXIES, "127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (PROXIES, "127.0.0.1", "203.0.113.9, 10.1.1.1", "203.0.113.9"),
        (PROXIES, "203.0.113.7", "203.0.113.9", "203.0.113.7"),
        (PROXIES, "127.0.0.1", "", "127.0.0.1"),
        (PROXIES, "127.0.0.1", "nonsense", "127.0.0.1"),
        (PROXIES, "127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies: list[str], peer: str, header: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=header)
    assert client_address(request) == expected


def test_somebody_elses_guesses_do_not_lock_the_owner_out(shicheng: World, settings) -> None:  # type: ignore[no-untyped-def]
    settings.PROXIES = PROXIES
    name = shicheng.who(shicheng.bureau, Role.WINDOW_CLERK).user.username

    def sign_in(address: str, password: str) -> int:
        client = Client(HTTP_HOST="localhost", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=address)
        return client.post(reverse("login"), {"username": name, "password": password}).status_code

    for _ in range(5):
        sign_in("203.0.113.9", "wrong-password")
    assert sign_in("203.0.113.9", PASSWORD) != 302, "locked for the guesser"
    assert sign_in("203.0.113.10", PASSWORD) == 302
