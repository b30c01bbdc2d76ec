"""Finding badges, what their lists say, and what somebody's file is worth."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.organisations.models import Organisation
from core.people.policy import mask_name
from credentials.badges.document import (
    Addresses,
    add_proof,
    baked_in,
    draw_badge,
    encode_bits,
    is_set,
    issuer_of,
    proof_holds,
    read_token,
    status_credential,
    token_holds,
)
from credentials.badges.models import Achievement, Badge, StatusList
from credentials.badges.policy import MAX_FILE, code_in, differences, read_json, without_claims
from credentials.badges.states import BadgeVerdict
from credentials.certificates.models import Certificate
from credentials.certificates.policy import CODE_LENGTH, clean_code
from credentials.keys.actions import Signer
from credentials.keys.models import SigningKey
from credentials.keys.states import Purpose

GOOD_FOR = datetime.timedelta(days=1)
KEPT_FOR = 300  # seconds that a signed list is kept; a new mark makes another list at once


def whole(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def issuer_address(organisation_id: int) -> str:
    return whole(reverse("badge-issuer", args=[organisation_id]))


def addresses_of(certificate: Certificate, digest: str, status_list: StatusList) -> Addresses:
    """Where everything of this badge is found, on this site as it is called today."""
    return Addresses(
        site=f"{settings.SITE_URL}/",
        credential=whole(reverse("badge", args=[certificate.code])),
        verify=certificate.verify_url,
        issuer=issuer_address(certificate.organisation_id),
        achievement=whole(reverse("badge-achievement", args=[digest])),
        picture=whole(reverse("badge-picture", args=[digest])),
        status_list=whole(status_list.get_absolute_url()),
    )


def method_of(issuer: str, key: SigningKey) -> str:
    """The address of a key that proves badges: within its issuer's profile, which says that it speaks for it."""
    return f"{issuer}#{key.multikey}"


def token_method_of(key: SigningKey) -> str:
    """The address of a key that signs tokens: there it stands as a JWK."""
    return whole(reverse("verify-key-jwk", args=[key.fingerprint]))


def profile_of(organisation: Organisation) -> dict[str, Any]:
    """The issuer with every key that may be trusted, the retired ones too: what they signed stays good."""
    address = issuer_address(organisation.pk)
    methods: list[dict[str, Any]] = []
    for key in SigningKey.objects.published().filter(purpose__in=(Purpose.BADGE, Purpose.TOKEN)):
        if key.purpose == Purpose.BADGE:
            methods.append(
                {"id": method_of(address, key), "type": "Multikey", "publicKeyMultibase": key.multikey}
            )
        else:
            methods.append({"id": token_method_of(key), "type": "JsonWebKey", "publicKeyJwk": key.jwk})
    return issuer_of(address=address, name=organisation.name, site=f"{settings.SITE_URL}/", keys=methods)


def badges_of(certificate: Certificate) -> QuerySet[Badge]:
    """Every badge that was signed for a certificate, the one in force first, with its keys."""
    return (
        Badge.objects.filter(certificate=certificate)
        .select_related("proof_key", "token_key")
        .order_by("-number")
    )


def badges_by_code(code: str) -> list[Badge]:
    """Every badge of the certificate with this code, the one in force first; none when the code is unknown or nobody
    has taken the badge yet."""
    wanted = clean_code(code)
    if len(wanted) != CODE_LENGTH:
        return []
    rows = Badge.objects.select_related(
        "certificate__organisation", "achievement", "proof_key", "token_key", "status_list"
    )
    return list(rows.filter(certificate__code=wanted).order_by("-number"))


def certificate_by_code(code: str) -> Certificate | None:
    wanted = clean_code(code)
    rows = Certificate.objects.select_related("organisation")
    return rows.filter(code=wanted).first() if len(wanted) == CODE_LENGTH else None


def marked_places(status_list: StatusList) -> list[int]:
    """The places of those badges that must not be accepted any more, in order."""
    rows = Badge.objects.filter(status_list=status_list).ended()
    return list(rows.order_by("status_index").values_list("status_index", flat=True))


def signed_list(status_list: StatusList, signer: Signer) -> dict[str, Any]:
    """The list as a signed credential. It is kept for some minutes; a mark is never taken back, so that their number
    names the list."""
    places = marked_places(status_list)
    name = f"badge-list:{status_list.pk}:{len(places)}:{signer.row.pk}"
    kept: dict[str, Any] | None = cache.get(name)
    if kept is not None:
        return kept
    now = timezone.now()
    issuer = issuer_address(status_list.organisation_id)
    bare = status_credential(
        address=whole(status_list.get_absolute_url()),
        issuer=issuer,
        indexes=places,
        now=now,
        good_for=GOOD_FOR,
    )
    signed = add_proof(bare, key=signer.private, method=method_of(issuer, signer.row), created=now)
    cache.set(name, signed, KEPT_FOR)
    return signed


def picture_of(achievement: Achievement, credential: str = "") -> str:
    """The picture of an achievement; with a badge of it written inside. The same whenever it is asked for."""
    facts = achievement.read()
    title = f"【样例】{facts.title}" if facts.is_sample else facts.title
    return draw_badge(title=title, issuer=facts.issuer, credential=credential)


@dataclass(frozen=True)
class BadgeAnswer:
    """What a file is worth that somebody handed in as a badge. Of a foreign one nothing else is known."""

    verdict: BadgeVerdict
    badge: Badge | None = None
    changed: tuple[str, ...] = ()  # the paths at which it differs from what was issued
    key_withdrawn: bool = False
    newer: Badge | None = None  # the one in force, when this one was signed anew

    @property
    def certificate(self) -> Certificate | None:
        return self.badge.certificate if self.badge else None

    @property
    def masked_name(self) -> str:
        return mask_name(self.badge.certificate.name) if self.badge else ""


def check_badge(content: bytes) -> BadgeAnswer:
    """What a file that should be a badge (JSON, a token as text, or the picture that holds it) is worth today.

    It is compared with what was issued first. Only one that says the very same is canonicalised and its proof checked:
    nothing that strangers wrote gets that far.
    """
    picture = content.decode("utf-8", errors="replace") if content.startswith(b"<svg ") else ""
    baked = baked_in(picture) if len(picture) <= 2 * MAX_FILE else ""
    doubled: list[str] = []
    document = read_json(baked.encode("utf-8") if baked else content, doubled)
    if document is not None:
        return _check_json(document, doubled, picture)
    token = content.strip().decode("ascii", errors="replace")
    read = read_token(token)
    return _check_token(token, *read) if read else BadgeAnswer(BadgeVerdict.UNREADABLE)


def _check_json(document: dict[str, Any], doubled: list[str], picture: str = "") -> BadgeAnswer:
    """`doubled` are the keys that stand twice in it: no badge of ours has any."""
    badges = badges_by_code(code_in(document))
    if not badges:
        looks_like_one = "credentialSubject" in document
        return BadgeAnswer(BadgeVerdict.FOREIGN if looks_like_one else BadgeVerdict.UNREADABLE)
    badge, changed = _nearest(badges, lambda each: differences(each.read(), document))
    changed = list(dict.fromkeys([*changed, *doubled]))
    if not changed and picture and picture != picture_of(badge.achievement, badge.credential):
        changed = ["picture"]
    holds = None if changed else proof_holds(document, badge.proof_key.public)
    return _answer(badge, changed, holds, badge.proof_key, badges[0])


def _check_token(token: str, header: dict[str, Any], payload: dict[str, Any]) -> BadgeAnswer:
    badges = badges_by_code(code_in(payload))
    if not badges:
        return BadgeAnswer(BadgeVerdict.FOREIGN)
    badge, changed = _nearest(badges, lambda each: _token_differences(each, token, payload))
    holds = None if changed else token_holds(token, badge.token_key.public)
    return _answer(badge, changed, holds, badge.token_key, badges[0])


def _token_differences(badge: Badge, token: str, payload: dict[str, Any]) -> list[str]:
    issued = read_token(badge.token)
    assert issued is not None
    changed = differences(without_claims(issued[1]), without_claims(payload))
    if not changed and token != badge.token:
        changed = differences(issued[1], payload) or ["proof"]
    return changed


def _nearest(badges: list[Badge], differ: Callable[[Badge], list[str]]) -> tuple[Badge, list[str]]:
    """Of the badges of one certificate that which a file is or comes nearest to, of two as near the later one; and in
    what they differ."""
    return min(((badge, differ(badge)) for badge in badges), key=lambda found: len(found[1]))


def _answer(
    badge: Badge, changed: list[str], holds: bool | None, key: SigningKey, latest: Badge
) -> BadgeAnswer:
    """Both the mark in the list and the certificate's own state count; either is enough to refuse it."""
    newer = latest if latest.number > badge.number else None
    withdrawn = not key.is_trusted
    if changed or holds is False:
        return BadgeAnswer(BadgeVerdict.TAMPERED, badge, tuple(changed or ["proof"]), withdrawn, newer)
    verdict = BadgeVerdict(badge.certificate.verdict().value)
    if verdict in (BadgeVerdict.VALID, BadgeVerdict.EXPIRED):
        if newer:
            verdict = BadgeVerdict.RESIGNED
        elif is_marked(badge):
            verdict = BadgeVerdict.REVOKED
    return BadgeAnswer(verdict, badge, (), withdrawn, newer)


def is_marked(badge: Badge) -> bool:
    """Whether the badge's bit is set in its list as it is given out."""
    return is_set(encode_bits(marked_places(badge.status_list)), badge.status_index)


def facts_json(credential: dict[str, Any]) -> str:
    """A credential as it is kept and handed out: as written, without blanks."""
    return json.dumps(credential, ensure_ascii=False, separators=(",", ":"))
