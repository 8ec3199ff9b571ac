"""A document as the text that is hashed, kept and compared."""

from __future__ import annotations

import hashlib
import json

from followup.reports.document.model import Document


def body_of(document: Document) -> str:
    """Canonical JSON: keys in order, no blanks, so that the same document is the same text."""
    return json.dumps(
        document.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def document_of(body: str) -> Document:
    """Back from that text. Raises ValueError for a text that is no document."""
    return Document.model_validate_json(body)


def sha256_of(document: Document) -> str:
    """SHA-256 of `body_of`, in hexadecimal: what is printed in the document and kept when it is issued."""
    return hashlib.sha256(body_of(document).encode()).hexdigest()
