"""Files on disk: stored once under their SHA-256, below MEDIA_ROOT, which no web server reads."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from foundation.common.errors import Refused

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """An upload that lies in the waiting folder: whole, hashed, not yet accepted."""

    path: Path
    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def receive(chunks: Iterable[bytes]) -> Received:
    """Stream an upload into the waiting folder. Raises Refused (and keeps nothing) past PAPER_MAX_BYTES."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    digest, size, limit = hashlib.sha256(), 0, settings.PAPER_MAX_BYTES
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise Refused(f"文件超过 {limit // (1024 * 1024)} MB 的上限，请压缩或拆分后上传。", field="file", code="too_big")
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Received(Path(name), digest.hexdigest(), size)


def keep(received: Received) -> None:
    """Move an accepted upload to its place. A file of that hash already there is replaced: the content is the same, or was damaged."""
    target = path_of(received.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    received.path.chmod(0o600)
    received.path.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def discard(received: Received) -> None:
    """Remove an upload that was refused."""
    received.path.unlink(missing_ok=True)


def open_whole(sha256: str, size: int) -> BinaryIO | None:
    """The stored content, opened after its hash was checked, at its start; None where it is missing or no longer what was stored."""
    try:
        stream = path_of(sha256).open("rb")
    except OSError:
        return None
    digest, seen = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        seen += len(chunk)
    if digest.hexdigest() != sha256 or seen != size:
        stream.close()
        return None
    stream.seek(0)
    return stream
