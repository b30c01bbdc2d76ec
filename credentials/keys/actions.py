"""Making, rotating and withdrawing keys, and handing out the one to sign with."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.states import Refused, move
from credentials.keys.files import KeyMissing, private_of, write_private
from credentials.keys.models import SigningKey
from credentials.keys.policy import PrivateKey, new_private_key, public_pem, self_signed
from credentials.keys.queries import active_key
from credentials.keys.states import MOVES, KeyState, Purpose

NAME = "Xinhuo document signing"  # what a PDF reader shows as the signer; no "seal"


@dataclass(frozen=True)
class Signer:
    """A key to sign with: its row, which is named beside what it signs, and the private half."""

    row: SigningKey
    private: PrivateKey


def signer_for(purpose: str) -> Signer:
    """The key in use for this purpose. Where KEYS_AUTO is on (development, demonstration), the first is made on the way.

    The private half is read once per process. Raises KeyMissing with what the operator has to do.
    """
    row = active_key(purpose)
    if row is None:
        if not settings.KEYS_AUTO:
            raise KeyMissing(f"No key is in use for “{purpose}”. Make one: manage.py keys make {purpose}")
        row = _first(purpose)
    return Signer(row, private_of(row))


def _first(purpose: str) -> SigningKey:
    """Of two processes that need the first key at once, one makes it and the other finds it."""
    try:
        return make_key(purpose=purpose, actor=None)
    except Refused:
        row = active_key(purpose)
        if row is None:
            raise
        return row


@transaction.atomic
def make_key(*, purpose: str, actor: Asker | None) -> SigningKey:
    """Make the key of a purpose that has none in use. Raises Refused when it has one.

    Side effects in order: the private half in a file, the row, an audit entry. Of a rollback a file remains that
    nothing names.
    """
    taken = Refused(_("A key is in use for this already. Rotate it instead."))
    if active_key(purpose):
        raise taken
    try:
        with transaction.atomic():
            return _make(purpose, actor)
    except IntegrityError:  # somebody has just made one
        raise taken from None


def _make(purpose: str, actor: Asker | None) -> SigningKey:
    private = new_private_key(Purpose(purpose))
    fingerprint = write_private(private)
    now = timezone.now()
    certificate, until = "", None
    if purpose == Purpose.PDF:
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        certificate = self_signed(
            private, name=NAME, owner=settings.WAGTAIL_SITE_NAME, now=now.astimezone(datetime.UTC)
        )
        until = x509.load_pem_x509_certificate(certificate.encode("ascii")).not_valid_after_utc
    row = SigningKey.objects.create(
        purpose=purpose,
        fingerprint=fingerprint,
        public_key=public_pem(private.public_key()),
        certificate=certificate,
        starts_at=now,
        expires_at=until,
        made_by_id=getattr(actor, "pk", None),
    )
    record(
        action="credentials.make_key",
        target=row,
        actor=actor,
        organisation=None,
        after={"purpose": purpose, "fingerprint": fingerprint},
    )
    return row


@transaction.atomic
def rotate_key(*, key: SigningKey, actor: Asker | None) -> SigningKey:
    """Retire the key in use and make the next one; what the old one signed stays good.

    Raises StaleState or IllegalMove when somebody else has ended it already: of two clicks one makes a key.
    Side effects: the state; the files and the row of the new key; an audit entry for each.
    """
    move(key, KeyState.RETIRED, MOVES, ended_at=timezone.now())
    fresh = _make(key.purpose, actor)
    record(
        action="credentials.rotate_key",
        target=key,
        actor=actor,
        organisation=None,
        before={"state": "active"},
        after={"state": "retired", "by": fresh.fingerprint},
    )
    return fresh


@transaction.atomic
def withdraw_key(*, key: SigningKey, reason: str, actor: Asker | None) -> SigningKey | None:
    """Withdraw a key that others may have got hold of: from now on a signature made with it proves nothing.

    Files that were issued are still known by their hash. Was it in use, the next one is made and returned.
    Raises Refused without a reason, StaleState or IllegalMove when it is withdrawn already. Side effects: the state; an
    audit entry; the new key with its own.
    """
    if not reason.strip():
        raise Refused(_("Write the reason."))
    ended = key.ended_at or timezone.now()
    before = move(key, KeyState.WITHDRAWN, MOVES, ended_at=ended, reason=reason.strip()[:300])
    record(
        action="credentials.withdraw_key",
        target=key,
        actor=actor,
        organisation=None,
        before={"state": before},
        after={"state": "withdrawn"},
        reason=key.reason,
    )
    return _make(key.purpose, actor) if before == KeyState.ACTIVE else None
