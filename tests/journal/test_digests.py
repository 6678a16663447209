"""Personal values in the journal: comparable, not readable."""

from foundation.journal.digests import digest


def test_a_digest_compares_and_hides(settings):
    settings.JOURNAL_KEY = "one"
    number = "36073519900101001X"
    assert digest(number) == digest(number)
    assert digest(number) != digest("360735199001010028")
    assert number not in digest(number)


def test_another_key_gives_another_digest(settings):
    settings.JOURNAL_KEY = "one"
    first = digest("13800001234")
    settings.JOURNAL_KEY = "two"
    assert digest("13800001234") != first
    settings.JOURNAL_KEY = ""
    assert digest("13800001234") not in {first, ""}


def test_empty_stays_empty():
    assert (digest(""), digest(None)) == ("", "")
