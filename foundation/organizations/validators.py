"""Codes of organs, enterprises and persons. Written here because the usual packages refuse codes that exist (rural collectives)."""

import re
from datetime import date

from django.core.exceptions import ValidationError

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CREDIT_PATTERN = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"


def credit_check_digit(body: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015) from its first 17."""
    total = sum(CREDIT_ALPHABET.index(char) * weight for char, weight in zip(body, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def validate_credit_code(code: str) -> None:
    """Accept a unified social credit code of any registration department; raise ValidationError otherwise."""
    if not CREDIT_PATTERN.fullmatch(code):
        raise ValidationError("统一社会信用代码应为 18 位，由数字和大写字母（不含 I、O、S、V、Z）组成。", code="pattern")
    if credit_check_digit(code[:17]) != code[17]:
        raise ValidationError("统一社会信用代码的校验位不对，请核对是否有一位抄错。", code="check")


def resident_check_digit(body: str) -> str:
    """The 18th character of a resident identity number (GB 11643) from its first 17 digits."""
    return RESIDENT_CHECKS[sum(int(char) * weight for char, weight in zip(body, RESIDENT_WEIGHTS, strict=True)) % 11]


def validate_resident_number(number: str) -> None:
    """Accept an 18-character resident identity number with a possible birthday; raise ValidationError otherwise."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        raise ValidationError("居民身份证号码应为 18 位，前 17 位是数字，末位是数字或大写 X。", code="pattern")
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise ValidationError("居民身份证号码中的出生日期不存在。", code="birthday") from error
    if resident_check_digit(number[:17]) != number[17]:
        raise ValidationError("居民身份证号码的校验位不对，请核对是否有一位抄错。", code="check")
