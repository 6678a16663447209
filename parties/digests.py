"""Personal values enter the journal as keyed digests only: erasing a person's data leaves a journal that still verifies."""

from django.utils.crypto import salted_hmac

SALT = "parties.personal-value"


def digest(value: str) -> str:
    """A keyed digest of a personal value: equal values give equal digests, and nobody without the key can try values out."""
    return "hmac:" + salted_hmac(SALT, value, algorithm="sha256").hexdigest() if value else ""
