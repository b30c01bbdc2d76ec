"""Keys and certificates as bytes: how they are made, named and written for others. No database, no files."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json

import base58
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

YEARS = 10  # a certificate's life; a rotation ends the key's work long before
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_MULTICODEC = {"Ed25519": b"\xed\x01", "P-256": b"\x80\x24"}
_COORDINATE = 32  # bytes


def new_private_key(purpose: str) -> PrivateKey:
    """P-256 where others verify by X.509 or ES256, Ed25519 for the proofs of badges."""
    if purpose == "badge":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def private_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key: PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def read_private(pem: bytes) -> PrivateKey:
    """Raises ValueError for what is no private key of ours."""
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise ValueError("neither P-256 nor Ed25519")
    return key


def read_public(pem: str) -> PublicKey:
    key = load_pem_public_key(pem.encode("ascii"))
    if not isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        raise ValueError("neither P-256 nor Ed25519")
    return key


def fingerprint_of(key: PublicKey) -> str:
    """The SHA-256 of the key as others read it (SubjectPublicKeyInfo, DER), in hexadecimal."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def self_signed(key: ec.EllipticCurvePrivateKey, *, name: str, owner: str, now: datetime.datetime) -> str:
    """A certificate (PEM) that says: this key signs documents for `owner`, and it certifies nobody else."""
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner)]
    )
    public = key.public_key()
    builder = (
        x509.CertificateBuilder(subject, subject, public, x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))  # for readers whose clock is behind
        .not_valid_after(now + datetime.timedelta(days=round(365.25 * YEARS)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode("ascii")


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def jwk_of(key: PublicKey) -> dict[str, str]:
    """The public key as a JWK (RFC 7517, 8037); its `kid` is the thumbprint of RFC 7638."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": _url64(_raw(key))}
    else:
        numbers = key.public_numbers()
        x, y = (number.to_bytes(_COORDINATE, "big") for number in (numbers.x, numbers.y))
        jwk = {"kty": "EC", "crv": "P-256", "x": _url64(x), "y": _url64(y)}
    canonical = json.dumps(jwk, separators=(",", ":"), sort_keys=True).encode("ascii")
    alg = "EdDSA" if jwk["kty"] == "OKP" else "ES256"
    return {**jwk, "kid": _url64(hashlib.sha256(canonical).digest()), "alg": alg, "use": "sig"}


def multikey_of(key: PublicKey) -> str:
    """The public key in multibase (`z…`), as a Multikey document names it (W3C Data Integrity)."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        data = _MULTICODEC["Ed25519"] + _raw(key)
    else:
        data = _MULTICODEC["P-256"] + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return "z" + base58.b58encode(data).decode("ascii")


def _raw(key: ed25519.Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def grouped_fingerprint(fingerprint: str) -> str:
    """In groups of four, for comparing by eye."""
    return " ".join(fingerprint[at : at + 4].upper() for at in range(0, len(fingerprint), 4))
