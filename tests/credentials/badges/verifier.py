"""A verifier of badges written from the specifications alone: it knows addresses and nothing of our code.

W3C vc-di-eddsa (eddsa-rdfc-2022), Bitstring Status List 1.0 and VC-JOSE-COSE. What it is given to fetch with is the
only way in which it learns keys and lists, as a stranger would over the web.
"""

import base64
import gzip
import hashlib
import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pyld import jsonld

_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VENDOR = Path(__file__).parents[3] / "credentials/badges/vendor"
_CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": _VENDOR / "w3c-credentials-2.0/credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": _VENDOR
    / "open-badges-3.0.3/context-3.0.3.json",
    "https://www.w3.org/ns/credentials/examples/v2": Path(__file__).parent / "official/w3c-examples-v2.json",
}


def from_base58(text: str) -> bytes:
    number = 0
    for letter in text:
        number = number * 58 + _LETTERS.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _load(url, _options):
    document = json.loads(_CONTEXTS[url].read_text(encoding="utf-8"))
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
    }


def _hash(document) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    return hashlib.sha256(jsonld.normalize(document, options).encode()).digest()


def proof_is_good(document: dict, fetch) -> bool:
    """The key is looked up where the issuer says which keys speak for it."""
    document = dict(document)
    proofs = document.pop("proof")
    proof = dict(proofs[0] if isinstance(proofs, list) else proofs)
    signature = from_base58(proof.pop("proofValue").removeprefix("z"))
    issuer = document["issuer"] if isinstance(document["issuer"], str) else document["issuer"]["id"]
    profile = fetch(issuer)
    assert proof["verificationMethod"] in profile["assertionMethod"]
    methods = {method["id"]: method for method in profile["verificationMethod"]}
    method = methods[proof["verificationMethod"]]
    assert (method["controller"], method["type"], profile["id"]) == (issuer, "Multikey", issuer)
    key = from_base58(method["publicKeyMultibase"].removeprefix("z"))
    assert key[:2] == b"\xed\x01"
    return signed(key[2:], signature, {"@context": document["@context"], **proof}, document)


def signed(key: bytes, signature: bytes, options: dict, document: dict) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _hash(options) + _hash(document))
    except InvalidSignature:
        return False
    return True


def bit_of(document: dict, fetch) -> bool:
    """Whether the list that the badge names, itself signed by the same issuer, marks the badge."""
    status = document["credentialStatus"]
    listed = fetch(status["statusListCredential"])
    issuer = document["issuer"]["id"]
    assert listed["issuer"] == issuer and proof_is_good(listed, fetch)
    subject = listed["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", status["statusPurpose"])
    bits = gzip.decompress(from_base64url(subject["encodedList"].removeprefix("u")))
    assert len(bits) * 8 >= 131_072
    index = int(status["statusListIndex"])
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def token_is_good(token: str, fetch) -> bool:
    head, body, tail = token.split(".")
    header, payload = json.loads(from_base64url(head)), json.loads(from_base64url(body))
    assert (header["alg"], header["typ"]) == ("ES256", "vc+jwt")
    profile = fetch(payload["issuer"]["id"])
    assert header["kid"] in profile["assertionMethod"]
    jwk = fetch(header["kid"])
    inside = next(
        each["publicKeyJwk"] for each in profile["verificationMethod"] if each["id"] == header["kid"]
    )
    assert (inside["x"], inside["y"]) == (jwk["x"], jwk["y"])
    x, y = (int.from_bytes(from_base64url(jwk[name]), "big") for name in "xy")
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    raw = from_base64url(tail)
    signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        key.verify(signature, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
