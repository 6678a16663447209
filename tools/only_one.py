"""At most one run of a kind in a checkout at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.console import Problem


class AlreadyRunning(Problem):
    """Another run holds the lock."""


@contextmanager
def only_one(lock: Path, *, refusal: str) -> Iterator[Path]:
    """Hold `lock` for the block; the kernel lets it go with us, even on a kill -9. Yields a file for a note.

    Raises AlreadyRunning with `refusal` and the holder's note where another run holds it, Problem where the folder
    is not ours to write.
    """
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = lock.open("a+")
    except PermissionError as error:
        raise Problem(f"{lock.parent} belongs to another user: run as that user, or delete the folder and start anew.") from error
    note = lock.with_suffix(".note")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            said = note.read_text() if note.exists() else ""
            raise AlreadyRunning(f"{refusal} {said}".strip()) from error
        note.unlink(missing_ok=True)
        try:
            yield note
        finally:
            note.unlink(missing_ok=True)
