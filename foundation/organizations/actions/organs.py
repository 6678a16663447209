"""Opening, renaming and dividing organs. Names and codes are dated; the row of an organ stays the same through all of them."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.journal import actions as journal
from foundation.organizations.grants import sync_county_grants
from foundation.organizations.models import County, Organ, OrganName, Section
from foundation.organizations.permissions import require_any, require_in_county
from foundation.organizations.validators import validate_credit_code


@transaction.atomic
def open_organ(
    *,
    county: County,
    kind: str,
    name: str,
    short_name: str,
    uscc: str,
    opened_on: date,
    actor: Actor,
    level: str = "county",
    superior: Organ | None = None,
    duty_phone: str = "",
    sort_key: str = "",
    document: str = "",
) -> Organ:
    """Open an organ from a day on. County-wide roles reach it at once. Raises NotYours, Refused (wrong or used credit code)."""
    at = clock.now()
    require_in_county(actor=actor, permission="manage_accounts", county_id=county.pk)
    _check_code(uscc, 0)
    organ = Organ.objects.create(
        county=county,
        kind=kind,
        level=level,
        superior=superior,
        name=name,
        short_name=short_name,
        sort_key=sort_key,
        uscc=uscc,
        duty_phone=duty_phone,
        opened_on=opened_on,
    )
    OrganName.objects.create(organ=organ, name=name, short_name=short_name, uscc=uscc, valid_from=opened_on, document=document)
    sync_county_grants(county_id=county.pk)
    after = {"name": name, "kind": kind, "uscc": uscc, "opened_on": str(opened_on)}
    journal.write(verb="organ.open", actor=actor, subject=organ, at=at, after=after, reason=document)
    return organ


@transaction.atomic
def rename_organ(*, organ: Organ, name: str, short_name: str, uscc: str, on: date, actor: Actor, document: str = "") -> Organ:
    """Give an organ another name or code from the day `on`. What was written before keeps the old one. Raises NotYours, Refused."""
    at = clock.now()
    require_any(actor=actor, permissions=("manage_accounts",), organ_id=organ.pk)
    locked = Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    if on > clock.civil_day(at):
        raise Refused("更名只能在生效当日或之后登记：请到生效那天再办。", field="on")
    _check_code(uscc, locked.pk)
    current = locked.names.order_by("-valid_from").first()
    if current is not None and current.valid_from >= on:
        raise Refused(f"新名称的启用日期应晚于现名称的启用日期 {current.valid_from}。", field="on")
    before = {"name": locked.name, "short_name": locked.short_name, "uscc": locked.uscc}
    locked.names.filter(valid_to=None).update(valid_to=on - timedelta(days=1))
    after = {"name": name, "short_name": short_name, "uscc": uscc}
    OrganName.objects.create(organ=locked, valid_from=on, document=document, **after)
    locked.name, locked.short_name, locked.uscc = name, short_name, uscc
    locked.save(update_fields=["name", "short_name", "uscc"])
    journal.write(verb="organ.rename", actor=actor, subject=locked, at=at, before=before, after=after | {"on": str(on)}, reason=document)
    return locked


@transaction.atomic
def add_section(*, organ: Organ, name: str, actor: Actor) -> Section:
    """Add a section 股室 to an organ. Raises NotYours, Refused where it has one of this name."""
    at = clock.now()
    require_any(actor=actor, permissions=("manage_accounts", "manage_liaison"), organ_id=organ.pk)
    section, created = Section.objects.get_or_create(organ=organ, name=name)
    if not created:
        raise Refused(f"{organ.short_name}已有名为“{name}”的股室。", field="name")
    journal.write(verb="organ.add_section", actor=actor, subject=section, at=at, after={"name": name, "organ": organ.pk})
    return section


def _check_code(uscc: str, organ_id: int) -> None:
    try:
        validate_credit_code(uscc)
    except ValidationError as error:
        raise Refused(error.messages[0], field="uscc") from error
    holder = Organ.objects.filter(uscc=uscc, closed_on=None).exclude(pk=organ_id).first()
    if holder is not None:
        raise Refused(f"统一社会信用代码 {uscc} 已由{holder.name}使用，请核对。", field="uscc")
