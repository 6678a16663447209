"""Fifty thousand rows of history go in, in bounded memory and time."""

import resource
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from openpyxl import Workbook

from approvals.models import Decision
from foundation.deadlines.models import Deadline
from pushes.models import Push
from tests.approvals.world import World
from tests.exchange.files import HEADINGS, row, run, upload, xlsx

ROWS = 50_000
MOST_GROWTH = 200 * 1024 * 1024
"""Bytes by which the process may grow at any moment, from the upload to the last row: the whole file as objects would take more."""
PAGE_SIZE = resource.getpagesize()


class MemoryWatch:
    """The most memory the process held while it was watched, looked at ten times a second."""

    def __enter__(self) -> "MemoryWatch":
        self._done = Event()
        self.before = self.most = self._held()
        self._thread = Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.1):
            self.most = max(self.most, self._held())

    @staticmethod
    def _held() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_SIZE


@pytest.fixture
def large_file(tmp_path) -> TemporaryUploadedFile:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("许可")
    sheet.append(list(HEADINGS))
    for number in range(ROWS):
        sheet.append(row(number, 文号=f"石行审许〔2024〕{number}号", 许可日期="2024-05-09"))
    file = TemporaryUploadedFile("历史.xlsx", "application/octet-stream", 0, None)
    book.save(file)
    file.size = file.tell()
    file.seek(0)
    return file


@pytest.mark.slow
def test_fifty_thousand_rows_of_history_in_bounded_memory(world: World, large_file: TemporaryUploadedFile) -> None:
    with MemoryWatch() as memory:
        job = run(world, upload(world, large_file, intake="history"))
    assert (job.state, job.total_rows, job.good_rows) == ("done", ROWS, ROWS)
    assert Decision.objects.count() == ROWS
    assert not Push.objects.exists() and not Deadline.objects.exists()
    assert memory.most - memory.before < MOST_GROWTH


def test_the_number_of_statements_does_not_grow_with_the_rows_of_history(world: World, django_assert_max_num_queries) -> None:
    job = upload(world, xlsx(row(number) for number in range(300)), intake="history")
    with django_assert_max_num_queries(60):
        assert run(world, job).good_rows == 300
