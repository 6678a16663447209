"""Classified matters stay out of the portal (DESIGN: 涉密 matters never enter): a classification mark is refused wherever it shows.

A mark is one of the three grades of the secrets law, as it is printed on a paper: at the head of a text, or followed by the star and
the term. The word 秘密 inside a sentence (商业秘密) is not a mark.
"""

import re

from foundation.common.errors import Refused

GRADES = "绝密|机密|秘密"
HEAD_MARK = re.compile(rf"^[\s\W]*(?P<grade>{GRADES})(?=$|[^\u4e00-\u9fff]|级|件|文件|材料)")
STAR_MARK = re.compile(rf"(?P<grade>{GRADES})\s*级?\s*[★☆]")
NAME_MARK = re.compile(r"(?P<grade>绝密|机密|(?<!商业)(?<!技术)秘密)")
WHERE_TO = "涉密事项不得进入本系统，请按保密规定另行办理；如属误标，请先由定密责任人更正后再录入。"


def mark_in_text(text: str) -> str:
    """The classification grade a text is marked with, or an empty string."""
    found = HEAD_MARK.search(text) or STAR_MARK.search(text)
    return found["grade"] if found else ""


def mark_in_name(name: str) -> str:
    """The classification grade a file name speaks of, or an empty string."""
    found = NAME_MARK.search(name)
    return found["grade"] if found else ""


def refuse_secret_marks(text: str, field: str = "") -> None:
    """Raise Refused where `text` (of the form field `field`) carries a classification mark."""
    if grade := mark_in_text(text):
        raise Refused(f"内容带有“{grade}”标志。{WHERE_TO}", field=field, code="secret_mark")


def refuse_secret_name(name: str, field: str = "") -> None:
    """Raise Refused where a file name speaks of a classification grade."""
    if grade := mark_in_name(name):
        raise Refused(f"文件名带有“{grade}”字样。{WHERE_TO}", field=field, code="secret_mark")
