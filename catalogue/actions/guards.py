"""What every act on the catalogue asks first."""

from datetime import date
from typing import Any

from django.db.models import Model

from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.organizations.models import Organ

PERMISSION = "manage_catalogue"


def require_keeper(actor: Actor, county_id: int) -> None:
    """Raise NotYours unless the actor keeps the catalogue of this county."""
    if actor.county_id != county_id or not actor.organs(PERMISSION):
        raise NotYours("只有负责维护事项目录的人员才能改动目录。请与审批局的目录管理人员联系。")


def organ_in(county_id: int, organ_id: int) -> Organ:
    """The organ, refused where it is of another county."""
    organ = Organ.objects.filter(pk=organ_id, county_id=county_id).first()
    if organ is None:
        raise Refused("没有找到这个单位，或它不在本县区。", field="organ")
    return organ


def require_reason(reason: str) -> str:
    """The reason, trimmed; refused where it says nothing."""
    reason = reason.strip()
    if len(reason) < 2:
        raise Refused("请写明依据或理由。", field="reason")
    return reason[:500]


def require_order(valid_from: date, valid_to: date | None) -> None:
    """Refuse a validity that ends before it begins."""
    if valid_to is not None and valid_to < valid_from:
        raise Refused("截止日期早于起始日期，请核对。", field="valid_to")


def plain(value: object) -> Any:
    """A value as the journal writes it."""
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, Model) else value
