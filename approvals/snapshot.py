"""What a push tells about a decision, and what makes two decisions the same."""

import hashlib
from datetime import date
from typing import Any

from approvals.models import Decision
from approvals.statuses import LONG_TERM
from catalogue.statuses import CommitmentMode
from parties.masking import shown_name
from pushes.snapshots import LIST_NAME, canonical


def item_name(decision: Decision) -> str:
    """The item as every page shows it; as the source wrote it where nothing in the catalogue matched."""
    return decision.handling_item.full_name if decision.handling_item else decision.item_text


def validity(day: date | None) -> str:
    """The end of validity as told: a date, or 长期 where the national layout's far date or nothing stands."""
    return "长期" if day is None or day.isoformat() == LONG_TERM else day.isoformat()


def snapshot_of(decision: Decision) -> dict[str, Any]:
    """The fields of a push of this decision: the eight compulsory ones (BA-19b) and what helps the supervisor."""
    words = {
        "item_name": item_name(decision),
        "document_number": decision.document_number,
        "party_name": decision.party.name,
        "party_contact": decision.party_contact,
        "party_address": decision.party_address,
        "decided_on": decision.decided_on.isoformat(),
        "valid_to": validity(decision.valid_to),
        "content": decision.content,
        "decision": decision.get_kind_display(),
        "party_code": decision.party.uscc,
        "certificate_name": decision.certificate_name,
        "certificate_number": decision.certificate_number,
        "valid_from": decision.valid_from.isoformat() if decision.valid_from else "",
        "deciding_organ": decision.organ.name,
        "no_contact_reason": decision.no_contact_reason,
    }
    if decision.commitment_mode != CommitmentMode.NONE:
        words["commitment_mode"] = decision.get_commitment_mode_display()
    return words


def told_of(decision: Decision) -> dict[str, Any]:
    """The snapshot as it is pushed: with the name for lists, where a natural person's is masked there."""
    told, shown = snapshot_of(decision), shown_name(decision.party)
    return told if shown == decision.party.name else told | {LIST_NAME: shown}


def content_hash(decision: Decision) -> str:
    """SHA-256 over what was decided. The same key with the same hash is the same decision imported again."""
    return hashlib.sha256(canonical(snapshot_of(decision))).hexdigest()


def search_text(decision: Decision) -> str:
    """What the substring search looks through, in upper case: party, code, document and certificate numbers, item."""
    parts = (
        decision.party.name,
        decision.party.uscc,
        decision.document_number,
        decision.certificate_number,
        item_name(decision),
    )
    return " ".join(part for part in parts if part).upper()
