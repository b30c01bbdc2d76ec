"""Invitation codes."""

from __future__ import annotations

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 1 I O, which are taken for one another
CODE_LENGTH = 10


def new_code() -> str:
    """Ten letters from the machine's own chance: about 10^15 possibilities."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def normalise_code(typed: str) -> str:
    """What was typed as it is kept: capital letters, without spaces and dashes. Anything else gives ""."""
    code = "".join(letter for letter in typed[:40].upper() if not letter.isspace() and letter != "-")
    return code if len(code) == CODE_LENGTH and set(code) <= set(LETTERS) else ""


def grouped(code: str) -> str:
    """The code as it is printed: XXXXX-XXXXX."""
    return f"{code[:5]}-{code[5:]}"
