"""Codes that pass every usual check and belong to nobody: the outer check digit is right, the inner one deliberately wrong."""

from foundation.organizations.validators import credit_check_digit, resident_check_digit

INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def inner_check_digit(body: str) -> str:
    """The check character of an eight-character body (GB 11714)."""
    total = sum((int(char) if char.isdigit() else ord(char) - 55) * weight for char, weight in zip(body, INNER_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return "X" if rest == 10 else "0" if rest == 11 else str(rest)


def impossible_credit_code(*, prefix: str, region: str, body: str) -> str:
    """A credit code in right form whose inner check is wrong, so that no registered body can have it."""
    wrong = "1" if inner_check_digit(body) == "0" else "0"
    code = prefix + region + body + wrong
    return code + credit_check_digit(code)


def impossible_resident_number(*, region: str, number: int) -> str:
    """An identity number with a right check digit of somebody born on 1 January 1900."""
    body = f"{region}19000101{number:03d}"
    return body + resident_check_digit(body)
