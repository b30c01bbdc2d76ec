"""Data Integrity proofs by `eddsa-rdfc-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.2)."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld

from credentials.badges.document.contexts import canonical
from credentials.keys.policy import PrivateKey, PublicKey

SUITE = "eddsa-rdfc-2022"


def add_proof(
    document: dict[str, Any], *, key: PrivateKey, method: str, created: datetime.datetime
) -> dict[str, Any]:
    """The document with its proof, as an array of one. `method` is the address of the public key.

    `created` must know its zone; it is written in UTC, to the second. The key must be an Ed25519 key, else TypeError.
    """
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("proofs of badges are made with Ed25519")
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_signed_data(document, proof))
    value = "z" + base58.b58encode(signature).decode("ascii")
    return {**document, "proof": [{**proof, "proofValue": value}]}


def proof_holds(document: dict[str, Any], key: PublicKey) -> bool:
    """Whether the one proof of a document was made with this key over exactly what the document means.

    Whatever is not of that form does not hold. Terms that no context defines mean nothing and are not covered: compare
    the document itself as well.
    """
    proofs = document.get("proof")
    if not isinstance(key, Ed25519PublicKey):
        return False
    if not isinstance(proofs, list) or len(proofs) != 1 or not isinstance(proofs[0], dict):
        return False
    proof = dict(proofs[0])
    value = proof.pop("proofValue", None)
    if proof.get("cryptosuite") != SUITE or not isinstance(value, str) or not value.startswith("z"):
        return False
    bare = {name: part for name, part in document.items() if name != "proof"}
    try:
        key.verify(base58.b58decode(value[1:]), _signed_data(bare, proof))
    except (InvalidSignature, ValueError, TypeError, jsonld.JsonLdError):
        return False
    return True


def _signed_data(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    """The hash of the proof's options, then that of the document; 64 bytes."""
    options = {"@context": document["@context"], **proof}
    return b"".join(hashlib.sha256(canonical(part)).digest() for part in (options, document))
