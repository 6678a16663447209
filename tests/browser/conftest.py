"""A browser before a running portal. The clock is stopped for the whole process, so for the server's threads too."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from foundation.common import clock
from tests.factories import AT, Person
from tests.whole.corridor import Corridor, corridor

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


class Desk:
    """A county, its running portal, and a browser window for whoever sits down."""

    def __init__(self, place: Corridor, server: LiveServer, browser: Browser) -> None:
        self.place, self.server, self.browser = place, server, browser
        self.contexts: list[BrowserContext] = []
        self.asked: set[str] = set()

    def sit(self, who: Person | None, *, width: int = 1440) -> Page:
        """A window in which the person is signed in (nobody: None)."""
        context = self.browser.new_context(base_url=self.server.url, locale="zh-CN", viewport={"width": width, "height": 900})
        self.contexts.append(context)
        if who is not None:
            session = who.browser().cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.server.url}])
        context.on("request", self._note)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    def _note(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about"):
            self.asked.add(address.netloc)

    def close(self) -> None:
        """Every window."""
        for context in self.contexts:
            context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of this machine. Its driver runs an event loop in this thread, in which Django would refuse the tests' own queries."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=os.environ.get("LIANDONG_CHROMIUM") or "/usr/bin/chromium", args=FLAGS)
        yield found
        found.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer) -> Iterator[Desk]:
    """石城 on a Monday morning."""
    with clock.frozen(AT):
        found = Desk(corridor("360735"), live_server, browser)
        yield found
        found.close()
