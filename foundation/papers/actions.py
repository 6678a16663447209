"""Attaching files and giving document numbers."""

from datetime import datetime
from typing import BinaryIO

from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Model

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.common.secrets import refuse_secret_marks
from foundation.journal import actions as journal
from foundation.organizations.models import Organ
from foundation.papers import storage
from foundation.papers.models import Attachment, OfficialNumber
from foundation.papers.names import check_agreement, check_name, clean_name
from foundation.papers.numbers import format_number
from foundation.papers.types import TEXT, FileType, true_type

TEXT_HEAD = 400


def attach(*, actor: Actor, subject: Model, upload: File, kind: str, organ_id: int, at: datetime) -> Attachment:
    """Keep a file for a matter, in the caller's transaction. The calling act has decided that the actor may add to `subject`.

    The content is streamed to disk, hashed and judged by what it is. A file whose transaction fails leaves content that no row names,
    which is harmless. Raises Refused (with `field="file"` or a code) for an empty, oversized, disguised, damaged, hostile or classified
    file, and NotYours for an organ of another county.
    """
    if not Organ.objects.filter(pk=organ_id, county_id=actor.county_id).exists():
        raise NotYours()
    name = clean_name(upload.name or "")
    check_name(name)
    received = storage.receive(upload.chunks())
    try:
        with received.path.open("rb") as stream:
            content = true_type(stream)
            check_agreement(name, content)
            _check_text(stream, content)
        storage.keep(received)
    except BaseException:
        storage.discard(received)
        raise
    with transaction.atomic():
        row = Attachment.objects.create(
            county_id=actor.county_id,
            organ_id=organ_id,
            subject=subject,
            kind=kind,
            name=name,
            size=received.size,
            media_type=content.media_type,
            sha256=received.sha256,
            uploaded_by_id=actor.user_id,
            uploaded_at=at,
        )
        after = {"attachment": str(row.public_id), "kind": kind, "size": row.size, "sha256": row.sha256}
        journal.write(verb="attachment.add", actor=actor, subject=subject, at=at, after=after)
    return row


def _check_text(stream: BinaryIO, content: FileType) -> None:
    """Refuse a plain text that begins with a classification mark."""
    if content is TEXT:
        stream.seek(0)
        raw = stream.read(TEXT_HEAD)
        refuse_secret_marks(raw.decode("utf-8-sig", errors="ignore"), "file")
        refuse_secret_marks(raw.decode("gb18030", errors="ignore"), "file")


def open_for(*, actor: Actor, attachment: Attachment, at: datetime) -> BinaryIO:
    """The content of a file the actor may read, its hash checked first.

    Raises Refused where the content is missing or changed since it was stored; that finding stays in the journal, so the caller must
    not wrap this in a transaction that the refusal rolls back.
    """
    stream = storage.open_whole(attachment.sha256, attachment.size)
    if stream is None:
        journal.write(verb="attachment.broken", actor=actor, subject=attachment, at=at, after={"sha256": attachment.sha256})
        raise Refused(
            f"附件“{attachment.name}”的内容缺失或与上传时不一致，已停止提供并记入留痕。请联系系统管理员从备份恢复，或请上传单位重新上传。",
            code="broken_file",
        )
    return stream


def next_number(*, actor: Actor, organ: Organ, kind: str, pattern: str, at: datetime) -> OfficialNumber:
    """Give the next number of the series (organ, kind, year of `at` in Asia/Shanghai), in the caller's transaction.

    The series row is the lock: a second writer waits for the first one's commit, and a rolled-back act gives its number back, so there
    are neither doubles nor gaps. A number whose text the organ already has (entered by hand before) is passed over. Raises NotYours for
    an organ of another county, Refused for a pattern that makes no document number.
    """
    if organ.county_id != actor.county_id:
        raise NotYours()
    year = clock.civil_day(at).year
    format_number(pattern=pattern, year=year, number=1)
    with transaction.atomic():
        number = _draw(organ_id=organ.pk, kind=kind, year=year)
        while OfficialNumber.objects.filter(organ=organ, text=format_number(pattern=pattern, year=year, number=number)).exists():
            number = _draw(organ_id=organ.pk, kind=kind, year=year)
        row = OfficialNumber.objects.create(
            organ=organ,
            kind=kind,
            year=year,
            number=number,
            text=format_number(pattern=pattern, year=year, number=number),
            given_at=at,
            given_to_id=actor.user_id,
        )
        journal.write(verb="number.give", actor=actor, subject=row, at=at, after={"text": row.text, "kind": kind})
    return row


def _draw(*, organ_id: int, kind: str, year: int) -> int:
    """Raise the series by one and hold its row until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO papers_numberseries (organ_id, kind, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (organ_id, kind, year) DO UPDATE SET last = papers_numberseries.last + 1 RETURNING last",
            [organ_id, kind, year],
        )
        number: int = cursor.fetchone()[0]
    return number


def void_number(*, actor: Actor, number: OfficialNumber, reason: str, at: datetime) -> OfficialNumber:
    """Void a number that was given; it stays on record with its reason and is never given again. Who may is the calling act's decision.

    Raises Refused without a reason or for a number voided before, NotYours for an organ of another county.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("请写明文号作废的原因。", field="reason", code="reason_missing")
    if len(reason) > 200:
        raise Refused("作废原因请控制在 200 字以内。", field="reason", code="too_long")
    with transaction.atomic():
        row = OfficialNumber.objects.select_for_update(no_key=True, of=("self",)).select_related("organ").get(pk=number.pk)
        if row.organ.county_id != actor.county_id:
            raise NotYours()
        if row.voided_at is not None:
            raise Refused(f"文号 {row.text} 此前已作废，原因：{row.void_reason}。", code="voided_already")
        row.voided_at, row.void_reason = at, reason
        row.save(update_fields=["voided_at", "void_reason"])
        journal.write(verb="number.void", actor=actor, subject=row, at=at, before={"text": row.text}, after={"voided": True}, reason=reason)
    return row
