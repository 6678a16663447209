"""Who may open a file. The organ that attached it may; for other organs the room of the subject answers."""

from typing import Protocol

from foundation.common.actors import Actor
from foundation.common.hooks import Registry


class VisibleCheck(Protocol):
    """Whether `actor` may see the papers of the subject with this id (in the actor's county)."""

    def __call__(self, *, actor: Actor, subject_id: int) -> bool: ...


attachment_visible: Registry[VisibleCheck] = Registry()
"""Key: model label of the subject (`approvals.decision`). A receiving department opens the papers of a decision through it."""
