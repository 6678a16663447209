"""Document numbers: their form (GB/T 9704 practice: full year in 〔〕, no 第) and the patterns that make them."""

import re
from string import Formatter

from foundation.common.errors import Refused

NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}〔(?:19|20)\d{2}〕\d{1,6}号")
BRACKETED_YEAR = re.compile(r"\s*[\[(（【〔［{]\s*((?:19|20)\d{2})\s*[\])）】〕］}]\s*(?:第\s*)?")
FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def normalise_number(text: str) -> str:
    """A document number with the year in 〔〕, whatever brackets it was typed with, half-width figures, without blanks and without 第."""
    return BRACKETED_YEAR.sub(r"〔\1〕", text.translate(FULL_WIDTH).strip(), count=1).replace(" ", "").replace("\u3000", "")


def is_number(text: str) -> bool:
    """Whether `text` has the form of a document number, such as 石行审许〔2026〕0407号."""
    return NUMBER.fullmatch(text) is not None


def check_number(text: str, field: str = "") -> str:
    """The normalised document number. Raises Refused where it has not the form of one."""
    number = normalise_number(text)
    if not is_number(number):
        raise Refused(f"文号“{text[:40]}”的格式不对，应形如“石行审许〔2026〕0407号”。", field=field, code="number_form")
    return number


def format_number(*, pattern: str, year: int, number: int) -> str:
    """The text of a number after a pattern (`石行审许〔{year}〕{number:04d}号`). Raises Refused for a pattern that makes no number."""
    try:
        fields = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
        text = pattern.format(year=year, number=number) if fields == {"year", "number"} else ""
    except (ValueError, KeyError, IndexError):
        text = ""
    if not is_number(text):
        raise Refused(
            f"文号式样“{pattern}”不能编出合格的文号，请系统管理员改正（如“石行审许〔{{year}}〕{{number:04d}}号”）。", code="number_pattern"
        )
    return text
