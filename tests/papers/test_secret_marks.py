"""Classification marks are refused in text; ordinary sentences are not."""

import pytest

from foundation.common.errors import Refused
from foundation.common.secrets import mark_in_text, refuse_secret_marks


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("绝密", "绝密"),
        ("  机密★10年\n正文", "机密"),
        ("【秘密】关于某事", "秘密"),
        ("秘密级文件", "秘密"),
        ("关于某事的函（机密★1年）", "机密"),
        ("机密文件：某事", "机密"),
        ("涉及商业秘密，不予公开", ""),
        ("秘密搜集他人商业信息的行为", ""),
        ("保守国家秘密是公民的义务", ""),
        ("", ""),
    ],
)
def test_marks(text, grade):
    assert mark_in_text(text) == grade


def test_the_refusal_names_field_and_grade():
    with pytest.raises(Refused, match="“绝密”") as refused:
        refuse_secret_marks("绝密★30年", "content")
    assert (refused.value.field, refused.value.code) == ("content", "secret_mark")
