"""Typed registries through which upper rooms hear of what happens below without being imported from there.

Rooms register in `AppConfig.ready()`. Handlers that change data take batches of ids and run inside the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Model

from foundation.common.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One event of a subject's life. `effective_at` is the legal moment, `recorded_at` when it was carried out (None: the same)."""

    effective_at: datetime
    title: str
    icon: str = "point"
    text: str = ""
    tag: str = ""
    weight: int = 0
    recorded_at: datetime | None = None
    template: str = ""
    context: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What speaks against issuing a decision. `blocks` refuses an issue here; on a reported decision it is only recorded."""

    code: str
    message: str
    blocks: bool = True
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """How a workbench shows what a clock is about, and the one act that discharges it.

    `act` is the verb on the button and `url` the page where it is done; `batch` names the batch act a row can join (claim), so that
    several can be ticked. `party` is already masked for lists.
    """

    thing: str
    act: str
    url: str
    sub: str = ""
    party: str = ""
    organ: str = ""
    batch: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """One piece of open work of a person, to be handed over before the person leaves."""

    kind: str
    subject_id: int
    title: str


class ClaimedHandler(Protocol):
    """Called with pushes of one kind just claimed (by a person or by the clock), inside the transaction."""

    def __call__(self, *, push_ids: Sequence[int], at: datetime) -> None: ...


class ExpiredHandler(Protocol):
    """Called with clocks that have just expired, inside the transaction; their state is already `expired`, settled at `due_at`."""

    def __call__(self, *, clock_ids: Sequence[int], at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Expiry:
    """What an effect (`auto_claim`, `deemed_consent` ...) locks first and then does."""

    subject: type[Model]
    handler: ExpiredHandler


class TimelineSource(Protocol):
    """Returns the events of one subject that `actor` may see."""

    def __call__(self, *, subject: Model, actor: Actor) -> Iterable[TimelineEntry]: ...


class FilesSource(Protocol):
    """Returns the attachments of one subject that `actor` may see."""

    def __call__(self, *, subject: Model, actor: Actor) -> Iterable[Model]: ...


class IssueCheck(Protocol):
    """Returns what speaks against issuing `subject` (a decision)."""

    def __call__(self, *, subject: Model) -> Iterable[Finding]: ...


class PastStart(Protocol):
    """Called when clocks have been started whose last day lies in the past, inside the transaction."""

    def __call__(self, *, county_id: int, last_days: Sequence[date]) -> None: ...


class Presenter(Protocol):
    """Says, for clocks of one term key on subjects of one model, what each subject's row reads. Two queries at most, however many."""

    def __call__(self, *, wanted: Sequence[tuple[int, str]], actor: Actor) -> dict[tuple[int, str], WorkItem]: ...


class RelatedSource(Protocol):
    """Returns what hangs on a subject elsewhere, as model and ids, so that its page can show the clocks of all of it."""

    def __call__(self, *, subject: Model) -> Iterable[tuple[type[Model], Sequence[int]]]: ...


class VisibilitySource(Protocol):
    """Which of these subjects the actor may see."""

    def __call__(self, *, actor: Actor, ids: Sequence[int]) -> set[int]: ...


class WorkSource(Protocol):
    """Returns a person's open work in one organ."""

    def __call__(self, *, user_id: int, organ_id: int) -> Iterable[OpenWork]: ...


class WorkMover(Protocol):
    """Moves a person's open work in one organ to another person, inside the transaction of `actor`'s act; returns how many pieces moved."""

    def __call__(self, *, user_id: int, organ_id: int, to_user_id: int, actor: Actor) -> int: ...


_V = TypeVar("_V")


class Registry(Generic[_V]):
    """Handlers left by upper rooms under a key, in order of registration."""

    def __init__(self, *, single: bool = False) -> None:
        self._single = single
        self._handlers: dict[str, list[_V]] = {}

    def register(self, key: str, handler: _V) -> None:
        """Add a handler; a second one under a key that allows one only is a programming error."""
        handlers = self._handlers.setdefault(key, [])
        if handler in handlers:
            return
        if self._single and handlers:
            raise ValueError(f"{key!r} has a handler already")
        handlers.append(handler)

    def of(self, key: str) -> list[_V]:
        """The handlers under `key`, oldest first; empty when there is none."""
        return list(self._handlers.get(key, ()))

    def names(self) -> list[str]:
        """Every key that has a handler, sorted."""
        return sorted(self._handlers)


on_claimed: Registry[ClaimedHandler] = Registry()
"""Key: kind of push. What a claim brings about in the receiving room (a supervision task, say)."""
on_sent: Registry[ClaimedHandler] = Registry()
"""Key: kind of push. What a push brings about at once (a task that opens with the push, where the county says so)."""
on_withdrawn: Registry[ClaimedHandler] = Registry()
"""Key: kind of push. What ends with a push that was withdrawn or superseded."""
on_expired: Registry[Expiry] = Registry(single=True)
"""Key: the `on_expiry` effect of a term. One room answers for one effect."""
may_issue: Registry[IssueCheck] = Registry()
"""Key: model label of the subject. What blocks or flags the issue of a decision."""
timeline_of: Registry[TimelineSource] = Registry()
"""Key: model label of the subject."""
files_of: Registry[FilesSource] = Registry()
"""Key: model label of the subject."""
related_of: Registry[RelatedSource] = Registry()
"""Key: model label of the subject. Records of other rooms that came of it; none of them is shown unless the subject itself is."""
on_past_start: Registry[PastStart] = Registry()
"""Key: "any". What was counted of those days is no longer complete."""
present: Registry[Presenter] = Registry(single=True)
"""Key: model label of the subject. How workbench and overview show its clocks; wanted are pairs of subject id and term key."""
visible_of: Registry[VisibilitySource] = Registry(single=True)
"""Key: model label of the subject. Who may see a clock because they may see what it runs on."""
open_work_of: Registry[WorkSource] = Registry()
"""Key: name of the room. What a leaver still has open there."""
hand_over_work: Registry[WorkMover] = Registry()
"""Key: name of the room. Moves it to the successor."""
