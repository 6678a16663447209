"""Unified social credit codes and resident numbers."""

import pytest
from django.core.exceptions import ValidationError

from foundation.organizations.validators import (
    CREDIT_ALPHABET,
    credit_check_digit,
    resident_check_digit,
    validate_credit_code,
    validate_resident_number,
)

DEMO_CODES = [
    "11640221MB9Y00010P",
    "11640221MB9Y00020Q",
    "11640221MB9Y00030R",
    "11640221MB9Y00041X",
    "11640221MB9Y00050U",
    "11640221MB9Y00060W",
    "11640221MB9Y00070X",
    "11640221MB9Y00080Y",
    "11640221MB9Y000900",
    "11640221MB9Y00100C",
    "11640221MB9Y00110D",
    "11640221MB9Y00121H",
    "11640221MB9Y00130F",
    "11640221MB9Y00140G",
    "11640221MB9Y00150H",
    "11640221MB9Y00160J",
    "11640221MB9Y00170K",
    "91640221MAYY00010F",
    "91640221MAYY00020G",
    "91640221MAYY00030H",
    "91640221MAYY00040J",
    "91640221MAYY00051N",
    "91640221MAYY00060L",
    "92640221MAYY00070J",
    "92640221MAYY00080K",
    "52640221MJYY000909",
    "51640221MJYY00100Q",
    "93640221MAYY00110Y",
    "91640221MAYY001206",
    "91640221MAYY00131A",
    "91640221MAYY001408",
]
RESIDENTS = ["640221190001010019", "640221190001010027", "640221190002020016", "640221190002020024"]
DEPARTMENTS = "123456789AGNY"
"""First characters in use: registration departments, the rural collectives' N among them."""


@pytest.mark.parametrize("code", DEMO_CODES)
def test_demo_codes_pass(code: str) -> None:
    validate_credit_code(code)


def test_a_rural_collective_passes() -> None:
    validate_credit_code("N2640221MFYY000109")


@pytest.mark.parametrize("letter", DEPARTMENTS)
def test_every_registration_department_passes(letter: str) -> None:
    body = f"{letter}1360735MB9Y00010"
    validate_credit_code(body + credit_check_digit(body))


@pytest.mark.parametrize("position", range(17))
def test_one_character_copied_wrong_is_found_wherever_it_stands(position: int) -> None:
    right = DEMO_CODES[0]
    wrong = CREDIT_ALPHABET[(CREDIT_ALPHABET.index(right[position]) + 1) % 10 if right[position].isdigit() else 10]
    if wrong == right[position]:
        wrong = "B"
    with pytest.raises(ValidationError) as caught:
        validate_credit_code(right[:position] + wrong + right[position + 1 :])
    assert caught.value.code == "check"


@pytest.mark.parametrize("digit", [char for char in CREDIT_ALPHABET if char != "P"])
def test_every_other_check_digit_is_refused(digit: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_credit_code(DEMO_CODES[0][:17] + digit)
    assert caught.value.code == "check"


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_no_code_has_are_refused(letter: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_credit_code("11640221" + letter + "B9Y00010P")
    assert caught.value.code == "pattern"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "11640221MB9Y00010",
        "11640221MB9Y00010PP",
        "11640221mb9y00010p",
        " 11640221MB9Y00010P",
        "1164022AMB9Y00010P",
        "11640221MB9Y00010P\n",
    ],
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_credit_code(code)
    assert caught.value.code == "pattern"


@pytest.mark.parametrize("number", RESIDENTS)
def test_demo_residents_pass(number: str) -> None:
    validate_resident_number(number)


@pytest.mark.parametrize("birthday", ["19000230", "19001301", "20230229", "20240431", "00000101"])
def test_a_birthday_that_never_was_is_refused(birthday: str) -> None:
    body = f"640221{birthday}001"
    with pytest.raises(ValidationError) as caught:
        validate_resident_number(body + resident_check_digit(body))
    assert caught.value.code == "birthday"


def test_a_leap_day_passes() -> None:
    body = "64022120240229001"
    validate_resident_number(body + resident_check_digit(body))


def test_a_check_digit_of_ten_is_a_capital_x() -> None:
    body = next(found for found in (f"64022119000101{serial:03d}" for serial in range(1, 100)) if resident_check_digit(found) == "X")
    validate_resident_number(body + "X")
    with pytest.raises(ValidationError):
        validate_resident_number(body + "x")


@pytest.mark.parametrize("digit", list("012345678X"))
def test_every_other_resident_check_digit_is_refused(digit: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_resident_number(RESIDENTS[0][:17] + digit)
    assert caught.value.code == "check"


@pytest.mark.parametrize("number", ["", "64022119000101001", "040221190001010019", "64022119000101001９", "640221190001010019 "])
def test_what_is_no_resident_number_is_refused(number: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_resident_number(number)
    assert caught.value.code == "pattern"
