"""Talking to the person at the terminal, and the two ways a run ends early."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Problem(Exception):
    """Something the person at the terminal can mend; the message says what and how."""


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal: stop everything, this is not a failure."""


def say(sentence: str = "") -> None:
    """Print at once, also into a pipe."""
    print(sentence, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a step and say how long it took."""
    print(f"  {name} …", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - begun:.1f} s", flush=True)
