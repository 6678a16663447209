"""Channels and delivery states."""

from django.db.models import TextChoices


class Channel(TextChoices):
    """A way out of the portal. The portal itself always shows the notice and needs no delivery."""

    EMAIL = "email", "电子邮件"
    WEBHOOK = "webhook", "短信网关、政务微信等接口"


class Digest(TextChoices):
    """When a channel is used."""

    AT_ONCE = "at_once", "即时"
    DAILY = "daily", "每日汇总"
    OFF = "off", "不发送"


class DeliveryState(TextChoices):
    """waiting → sent, or after the last retry → failed (shown in the pen, can be sent again)."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "未能送出"
