"""Badges as documents: what a credential says, its proof, its token, its status list and its picture. No database."""

from credentials.badges.document.credential import (
    AchievementFacts,
    Addresses,
    BadgeFacts,
    achievement_of,
    credential_of,
    digest_of,
    issuer_of,
)
from credentials.badges.document.picture import baked_in, draw_badge
from credentials.badges.document.proof import add_proof, proof_holds
from credentials.badges.document.status import LENGTH, encode_bits, is_set, status_credential
from credentials.badges.document.token import read_token, sign_token, token_holds

__all__ = [
    "LENGTH",
    "AchievementFacts",
    "Addresses",
    "BadgeFacts",
    "achievement_of",
    "add_proof",
    "baked_in",
    "credential_of",
    "digest_of",
    "draw_badge",
    "encode_bits",
    "is_set",
    "issuer_of",
    "proof_holds",
    "read_token",
    "sign_token",
    "status_credential",
    "token_holds",
]
