"""The ways out of the portal: mail, and a JSON webhook that an SMS gateway or a 政务微信 robot listens to."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Headers
from typing import IO, Any

from django.conf import settings
from django.core.mail import EmailMessage

from foundation.notices.statuses import Channel

TIMEOUT_SECONDS = 5


class Undelivered(Exception):
    """A channel did not take a message; the text says why, in words for the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One notice as it leaves the portal."""

    notice_id: int
    kind: str
    title: str
    text: str
    link: str
    effective_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What goes out in one piece: one notice, or the day's digest. `key` is the same on every try, so a receiver can drop a repeat."""

    key: str
    address: str
    items: Sequence[Item]

    @property
    def subject(self) -> str:
        """The head line."""
        return self.items[0].title if len(self.items) == 1 else f"今日消息 {len(self.items)} 条"

    @property
    def body(self) -> str:
        """All sentences, each with its link."""
        return "\n\n".join(f"{item.title}：{item.text}" + (f"\n{item.link}" if item.link else "") for item in self.items)


def send_mail(parcel: Parcel) -> None:
    """Send by SMTP. Raises Undelivered."""
    foot = "\n\n（联动门户自动发送，请勿回复；在“消息—接收方式”中可以改为每日汇总或不发送。）"
    mail = EmailMessage(
        subject=f"【联动】{parcel.subject}",
        body=parcel.body + foot,
        to=[parcel.address],
        headers={"Message-ID": f"<{parcel.key}@liandong>", "Auto-Submitted": "auto-generated"},
    )
    try:
        sent = mail.send()
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; a bad address or header is a ValueError
        raise Undelivered(f"邮件服务器没有接收：{type(error).__name__}") from error
    if not sent:
        raise Undelivered("邮件服务器没有接收")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A gateway that answers with another address is not followed: messages go only where the settings say."""

    def redirect_request(self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str) -> None:
        """Follow nothing."""


_opener = urllib.request.build_opener(_NoRedirect)


def send_webhook(parcel: Parcel) -> None:
    """POST JSON to NOTICE_WEBHOOK_URL, signed with NOTICE_WEBHOOK_SECRET over `timestamp.body`. Raises Undelivered."""
    url = settings.NOTICE_WEBHOOK_URL
    if not url.startswith(("http://", "https://")):
        raise Undelivered("尚未配置短信网关或政务微信接口（LIANDONG_NOTICE_WEBHOOK）")
    body = json.dumps(_payload(parcel), ensure_ascii=False).encode()
    request = urllib.request.Request(url, data=body, headers=_headers(parcel.key, body), method="POST")  # noqa: S310 - scheme checked above
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            if not 200 <= answer.status < 300:
                raise Undelivered(f"接口回应 {answer.status}")
    except urllib.error.HTTPError as error:
        error.close()
        raise Undelivered(f"接口回应 {error.code}") from error
    except (OSError, ValueError) as error:
        raise Undelivered(f"接口没有接通：{type(error).__name__}") from error


def _payload(parcel: Parcel) -> dict[str, Any]:
    items = [
        {
            "id": item.notice_id,
            "kind": item.kind,
            "title": item.title,
            "text": item.text,
            "link": item.link,
            "at": item.effective_at.isoformat(),
        }
        for item in parcel.items
    ]
    return {"key": parcel.key, "to": parcel.address, "title": parcel.subject, "text": parcel.body, "items": items}


def _headers(key: str, body: bytes) -> dict[str, str]:
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key, "User-Agent": "liandong"}
    if secret := settings.NOTICE_WEBHOOK_SECRET:
        stamp = str(int(time.time()))
        signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers |= {"X-Liandong-Timestamp": stamp, "X-Liandong-Signature": f"sha256={signature}"}
    return headers


CHANNELS: dict[str, Callable[[Parcel], None]] = {Channel.EMAIL: send_mail, Channel.WEBHOOK: send_webhook}
