"""Finding the handling item that a source means by a code or by words."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from catalogue.models import HandlingItem

SEPARATORS = re.compile(r"[\s·・•.,、，。:：;；/\\|\-—–_()（）\[\]【】《》“”\"']+")


def normalised(text: str) -> str:
    """The words without spaces, separators and brackets, so that 食品经营许可·新办 and 食品经营许可（新办） are one."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).lower()


class ItemIndex:
    """Every handling item of a county under all its codes and names. Load it once for an import; matching asks nothing of the database."""

    def __init__(self, handling_items: Iterable[HandlingItem]) -> None:
        self._by_code: dict[str, list[HandlingItem]] = defaultdict(list)
        self._by_name: dict[str, list[HandlingItem]] = defaultdict(list)
        self._by_item: dict[str, list[HandlingItem]] = defaultdict(list)
        for row in handling_items:
            if row.code:
                self._by_code[row.code.strip().upper()].append(row)
            if row.item.implementation_code:
                self._by_item[row.item.implementation_code.strip().upper()].append(row)
            self._by_item[normalised(row.item.name)].append(row)
            for name in _names(row):
                self._by_name[name].append(row)

    def match(self, *, text: str = "", code: str = "", on: date) -> HandlingItem | None:
        """The one handling item meant on the day `on`: by handling code, by implementation code, else by name.

        Where an implementation code covers several handling items, the words choose. None where nothing fits or several do: a guess
        would send a decision to the wrong organ.
        """
        code, words = code.strip().upper(), normalised(text)
        if code:
            found = _only(self._by_code.get(code, []), on)
            return found or self._within(self._by_item.get(code, []), words, on)
        if not words:
            return None
        bare = text.strip().upper()
        return (
            _only(self._by_code.get(bare, []), on)
            or _only([row for row in self._by_name.get(words, []) if normalised(row.full_name) == words], on)
            or _only(self._by_name.get(words, []), on)
            or _only(self._by_item.get(words, []), on)
            or _only(self._by_item.get(bare, []), on)
        )

    @staticmethod
    def _within(rows: list[HandlingItem], words: str, on: date) -> HandlingItem | None:
        named = [row for row in rows if words in _names(row)]
        return _only(named, on) or _only(rows, on)


def _names(row: HandlingItem) -> set[str]:
    return {normalised(row.full_name), normalised(row.item.name + row.name), normalised(row.name)}


def _only(rows: list[HandlingItem], on: date) -> HandlingItem | None:
    valid = [row for row in rows if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)]
    return valid[0] if len(valid) == 1 else None


def item_index(county_id: int) -> ItemIndex:
    """The index of a county's catalogue, ended rows included (one query)."""
    return ItemIndex(HandlingItem.objects.filter(item__county_id=county_id).select_related("item"))


def match_item(*, county_id: int, on: date, text: str = "", code: str = "") -> HandlingItem | None:
    """The one handling item of the county meant by a code or by words on the day `on`; None where nothing or too much fits."""
    return item_index(county_id).match(text=text, code=code, on=on)
