"""The same credential as a signed token, `vc+jwt` (W3C VC-JOSE-COSE; Open Badges 3.0, section 8.2), with ES256."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from credentials.keys.policy import PrivateKey, PublicKey

ALGORITHM = "ES256"
_LIMIT = 200_000  # characters; ours have about 3,000


def sign_token(credential: dict[str, Any], *, key: PrivateKey, kid: str) -> str:
    """The credential as a compact token. `kid` is the address of the public key as a JWK.

    The claims of Open Badges (iss, jti, sub, nbf, exp) repeat what the credential says; they never differ from it. The key
    must be a P-256 key, else TypeError.
    """
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("tokens are signed with P-256")
    payload = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    if "validUntil" in credential:
        payload["exp"] = _seconds(credential["validUntil"])
    header = {"alg": ALGORITHM, "typ": "vc+jwt", "cty": "vc", "kid": kid}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return jws.serialize_compact(header, text, ECKey.import_key(key), algorithms=[ALGORITHM])


def token_holds(token: str, key: PublicKey) -> bool:
    """Whether the token was signed with this key."""
    if not isinstance(key, EllipticCurvePublicKey):
        return False
    try:
        jws.deserialize_compact(token, ECKey.import_key(key), algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError):
        return False
    return True


def read_token(token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and payload, unproved; None for what is no token."""
    if len(token) > _LIMIT:
        return None
    parts = token.strip().split(".")
    if len(parts) != 3:
        return None
    try:
        header, payload = (
            json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2]
        )
    except (ValueError, RecursionError):
        return None
    return (header, payload) if isinstance(header, dict) and isinstance(payload, dict) else None


def _seconds(moment: str) -> int:
    return int(datetime.datetime.fromisoformat(moment).timestamp())
