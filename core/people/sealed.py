"""Sealed text: what the law calls sensitive is encrypted at rest and found again by a keyed hash only."""

import base64
import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import checks
from django.db import models

from core.people.policy import identity_key


def _keys() -> list[bytes]:
    """The field keys, newest first: `FIELD_KEY=new,old` lets old rows be read while they are sealed anew."""
    return [key.strip().encode() for key in settings.FIELD_KEY.split(",") if key.strip()]


@cache
def _box(keys: tuple[bytes, ...]) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal:" + key).digest())) for key in keys]
    )


def seal(text: str) -> str:
    """Encrypt `text` with the newest key."""
    return _box(tuple(_keys())).encrypt(text.encode()).decode("ascii")


def unseal(token: str) -> str:
    """Decrypt what `seal` made. Raises ValueError when no key of this installation fits."""
    try:
        return _box(tuple(_keys())).decrypt(token.encode("ascii")).decode()
    except InvalidToken as error:
        raise ValueError("sealed with a key that this installation does not have") from error


def lookup_hash(purpose: str, text: str) -> str:
    """A keyed hash for exact lookup and uniqueness; without the key it tells nothing, even of guessable numbers.

    Made with the **oldest** key, so that adding a new key in front does not change what is already stored.
    """
    return hmac.digest(_hash_key(settings.FIELD_KEY), f"{purpose}:{text}".encode(), "sha256").hex()


def identity_hash(id_type: str, number: str) -> str:
    """The keyed hash of an ID number: the same under whatever type of document it was given (`identity_key`)."""
    return lookup_hash("id", identity_key(id_type, number))


@cache
def _hash_key(_keys_said: str) -> bytes:
    return hashlib.sha256(b"hash:" + _keys()[-1]).digest()


class SealedTextField(models.TextField):
    """A text column whose content is encrypted on its way to the database. It cannot be filtered or ordered by."""

    def from_db_value(self, value: str | None, *_args: object) -> str | None:
        return unseal(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return seal(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = super().check(**kwargs)
        if self.unique or self.db_index:  # type: ignore[attr-defined]
            errors.append(
                checks.Error("A sealed field cannot be indexed; index a lookup_hash beside it.", obj=self)
            )
        return errors
