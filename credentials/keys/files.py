"""The private halves: one file for each key in KEYS_DIR, readable by its owner only, and kept in the process once read."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from credentials.keys.models import SigningKey
from credentials.keys.policy import PrivateKey, fingerprint_of, private_pem, read_private


class KeyMissing(FileNotFoundError):
    """There is no key to sign with. The message is for the operator: what is missing, and what to do."""


def path_of(fingerprint: str) -> Path:
    return Path(settings.KEYS_DIR) / f"{fingerprint}.pem"


def write_private(key: PrivateKey) -> str:
    """Write a private key down and return its fingerprint. It lies on the disk whole before any row names it."""
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fingerprint = fingerprint_of(key.public_key())
    handle = os.open(path_of(fingerprint), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(private_pem(key))
        file.flush()
        os.fsync(file.fileno())
    return fingerprint


def private_of(row: SigningKey) -> PrivateKey:
    """The private half of a key. Raises KeyMissing when its file is lost, closed to us or another key's."""
    return _read(path_of(row.fingerprint), row.fingerprint)


@lru_cache(maxsize=64)
def _read(path: Path, fingerprint: str) -> PrivateKey:
    try:
        key = read_private(path.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise KeyMissing(
            f"The private key {path} cannot be read ({error}). Bring it back from the backup, "
            "or put a new one in its place: manage.py keys rotate"
        ) from error
    if fingerprint_of(key.public_key()) != fingerprint:
        raise KeyMissing(f"{path} holds another key than its name says. Bring it back from the backup.")
    return key


def is_open_to_others(row: SigningKey) -> bool:
    """Whether anybody but its owner may read or write the file: whoever could may have the key already."""
    return has_private(row) and bool(path_of(row.fingerprint).stat().st_mode & 0o077)


def has_private(row: SigningKey) -> bool:
    """Whether the file is there."""
    return path_of(row.fingerprint).is_file()
