"""Keyed digests of personal values. The journal shows that a value changed and lets it be compared, but not what it was (PIPL)."""

import hashlib
import hmac

from django.conf import settings


def digest(value: object) -> str:
    """The keyed digest of a personal value for `before`/`after` of a journal row; an empty value stays empty.

    Keyed, because resident and phone numbers are few enough to be tried out one by one against a plain digest.
    """
    text = str(value) if value is not None else ""
    if not text:
        return ""
    return "hmac-sha256:" + hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    if settings.JOURNAL_KEY:
        return settings.JOURNAL_KEY.encode()
    return hashlib.sha256(b"liandong.journal.digests:" + settings.SECRET_KEY.encode()).digest()
