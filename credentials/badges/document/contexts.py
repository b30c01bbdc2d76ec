"""The JSON-LD contexts that credentials name. They are read from our own copies; nothing is fetched, ever."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld

VENDOR = Path(__file__).resolve().parent.parent / "vendor"
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTROLLED_IDENTIFIERS = "https://www.w3.org/ns/cid/v1"  # named in issuers' profiles, which nobody signs
_FILES = {
    CREDENTIALS: "w3c-credentials-2.0/credentials-v2.json",
    OPEN_BADGES: "open-badges-3.0.3/context-3.0.3.json",
}


@cache
def _context(url: str) -> Any:
    return json.loads((VENDOR / _FILES[url]).read_text(encoding="utf-8"))


def load(url: str, _options: Any = None) -> dict[str, Any]:
    """A document loader for PyLD that knows our copies. Raises JsonLdError for every other address."""
    if url not in _FILES:
        raise jsonld.JsonLdError(
            f"No copy of {url[:200]}, and nothing is fetched",
            "jsonld.LoadDocumentError",
            code="loading refused",
        )
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": _context(url),
    }


def canonical(document: dict[str, Any]) -> bytes:
    """The RDF dataset that the document means, canonicalised (RDFC-1.0), as N-Quads in UTF-8.

    Raises ValueError when a name is relative: what it means would depend on who reads it.
    """
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    quads: str = jsonld.normalize(document, options)
    if jsonld.DEFAULT_BASE_IRI in quads:
        raise ValueError("a type or an address that no context makes absolute")
    return quads.encode("utf-8")
