"""Who may do what on which item: dated rows, judged on the day of the decision (PT-01, PT-21a, ZC-03)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from catalogue.days import valid_on
from catalogue.models import Power
from catalogue.statuses import Verb
from foundation.organizations.models import Organ


class PowerIndex:
    """The powers over some items, with the organs' succession. Load it once for an import; judging asks nothing of the database."""

    def __init__(self, powers: Iterable[Power], organs: Iterable[Organ]) -> None:
        self._powers: dict[tuple[int, str], list[Power]] = defaultdict(list)
        for power in powers:
            self._powers[power.item_id, power.verb].append(power)
        self._organs = {organ.pk: organ for organ in organs}

    def may(self, *, organ_id: int, item_id: int, verb: str, on: date, area: str = "") -> bool:
        """Whether the organ has the power on the day `on` for a subject in `area` (empty: no special area).

        A power for one area goes before the power for the whole county: there, only its holder may act (PT-21a). A successor holds
        what its predecessor held when it was closed. Revoking is open to the superior of a holder too (Licensing Law article 69).
        """
        return any(
            organ_id in self._holders(power, on) or (verb == Verb.REVOKE and organ_id == self._superior(power.organ_id))
            for power in self._applicable(item_id, verb, on, area)
        )

    def holders(self, *, item_id: int, verb: str, on: date, area: str = "") -> list[int]:
        """Ids of the organs that hold the power on that day, successors in place of organs that are closed; sorted."""
        return sorted({self._holders(power, on)[-1] for power in self._applicable(item_id, verb, on, area)})

    def _applicable(self, item_id: int, verb: str, on: date, area: str) -> list[Power]:
        valid = [
            row for row in self._powers.get((item_id, verb), []) if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)
        ]
        special = [row for row in valid if area and row.area == area]
        return special or [row for row in valid if not row.area]

    def _holders(self, power: Power, on: date) -> list[int]:
        """The holder and, after its closing, its successors."""
        line = [power.organ_id]
        while (organ := self._organs.get(line[-1])) and organ.successor_id and organ.closed_on and organ.closed_on <= on:
            if organ.successor_id in line:
                break
            line.append(organ.successor_id)
        return line

    def _superior(self, organ_id: int) -> int | None:
        organ = self._organs.get(organ_id)
        return organ.superior_id if organ else None


def power_index(*, county_id: int, item_ids: Iterable[int] | None = None) -> PowerIndex:
    """The powers of a county (over some items, where given), in two queries."""
    powers = Power.objects.filter(item__county_id=county_id)
    if item_ids is not None:
        powers = powers.filter(item_id__in=list(item_ids))
    organs = Organ.objects.filter(county_id=county_id).only("id", "successor_id", "superior_id", "closed_on")
    return PowerIndex(powers, organs)


def may(*, organ_id: int, item_id: int, verb: str, on: date, area: str = "") -> bool:
    """Whether an organ has a power over one item on a day; see `PowerIndex.may`. False for an organ of another county."""
    if not area and Power.objects.filter(valid_on(on), organ_id=organ_id, item_id=item_id, verb=verb, area="").exists():
        return True  # the usual case: the organ itself, no succession to follow
    county_id = Organ.objects.values_list("county_id", flat=True).filter(pk=organ_id).first()
    if county_id is None:
        return False
    return power_index(county_id=county_id, item_ids=[item_id]).may(organ_id=organ_id, item_id=item_id, verb=verb, on=on, area=area)
