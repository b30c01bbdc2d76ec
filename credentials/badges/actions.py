"""Making a certificate's badge: when somebody first asks for it, and again when a key of it was withdrawn."""

from __future__ import annotations

import datetime
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.actions import record
from core.states import Refused
from credentials.badges.document import (
    AchievementFacts,
    BadgeFacts,
    add_proof,
    credential_of,
    digest_of,
    sign_token,
)
from credentials.badges.models import Achievement, Badge, StatusList
from credentials.badges.policy import LIST_ROOM, new_place
from credentials.badges.queries import addresses_of, badges_of, facts_json, method_of, token_method_of
from credentials.certificates.models import Certificate
from credentials.certificates.states import CertificateState
from credentials.keys.actions import Signer, signer_for
from credentials.keys.states import Purpose

TRIES = 8  # a list is full at three quarters: that eight places in a row are taken happens once in ten times at most


def badge_for(*, certificate: Certificate) -> Badge:
    """The certificate's badge in force, signed now if nobody has asked for it before, or if a key of the one before was
    withdrawn. Whoever asks, there is one.

    A certificate that was revoked or replaced keeps the badge that it has. Raises Refused when it ended without one,
    KeyMissing when there is no key to sign with. It is signed before the transaction: an elliptic curve keeps no other
    writer waiting. Side effects in order: the list and the achievement if they are new, the row, an audit entry.
    """
    found = badges_of(certificate).first()
    is_open = certificate.state == CertificateState.VALID
    if found and (found.is_proved or not is_open):
        return found
    if not is_open:
        raise Refused(_("The certificate has been revoked or replaced; it gets no badge any more."))
    return _sign_and_keep(certificate, number=found.number + 1 if found else 1)


def _sign_and_keep(certificate: Certificate, *, number: int) -> Badge:
    proof, token = signer_for(Purpose.BADGE), signer_for(Purpose.TOKEN)
    achievement = _achievement(certificate)
    status_list = _list_with_room(certificate.organisation_id)
    for _try in range(TRIES):
        place = new_place()
        if Badge.objects.filter(status_list=status_list, status_index=place).exists():
            continue
        badge = _signed(certificate, achievement, status_list, place, proof, token)
        badge.number = number
        if kept := _keep(badge):
            return kept
    raise IntegrityError(f"no free place in status list {status_list}")


def achievement_facts(certificate: Certificate) -> AchievementFacts:
    """What the certificate was given for, from the facts that were frozen with it."""
    facts = certificate.facts
    wording = facts.get("wording", {})
    return AchievementFacts(
        title=certificate.title,
        title_en=facts.get("course_title_en", ""),
        statement=wording.get("statement", ""),
        statement_en=wording.get("statement_en", ""),
        issuer=facts.get("issuer", ""),
        hours=str(facts.get("hours", "")),
        course_code=facts.get("course_code", ""),
        version=str(facts.get("course_version", "")),
        heading=wording.get("heading", "结业证书"),
        is_sample=bool(facts.get("watermark")),
    )


def _achievement(certificate: Certificate) -> Achievement:
    facts = achievement_facts(certificate)
    row, _made = Achievement.objects.get_or_create(digest=digest_of(facts), defaults={"facts": asdict(facts)})
    return row


def _list_with_room(organisation_id: int) -> StatusList:
    """The issuer's latest list, or another one when that is nearly full. Of several that need another, all get the same."""
    latest = StatusList.objects.filter(organisation_id=organisation_id).order_by("-number").first()
    if latest and latest.badges.count() < LIST_ROOM:
        return latest
    following = latest.number + 1 if latest else 1
    row, _made = StatusList.objects.get_or_create(organisation_id=organisation_id, number=following)
    return row


def _signed(
    certificate: Certificate,
    achievement: Achievement,
    status_list: StatusList,
    place: int,
    proof: Signer,
    token: Signer,
) -> Badge:
    """The row as it would be kept: the credential with its proof, and as a token."""
    addresses = addresses_of(certificate, achievement.digest, status_list)
    achieved = certificate.facts.get("completed_on")
    facts = BadgeFacts(
        serial=certificate.serial,
        issuer=certificate.facts.get("issuer", ""),
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        achieved_on=datetime.date.fromisoformat(achieved) if achieved else None,
        status_index=place,
    )
    credential = credential_of(facts, achievement.read(), addresses)
    method = method_of(addresses.issuer, proof.row)
    signed = add_proof(credential, key=proof.private, method=method, created=timezone.now())
    return Badge(
        certificate=certificate,
        achievement=achievement,
        status_list=status_list,
        status_index=place,
        credential=facts_json(signed),
        token=sign_token(credential, key=token.private, kid=token_method_of(token.row)),
        proof_key=proof.row,
        token_key=token.row,
    )


def _keep(badge: Badge) -> Badge | None:
    """Write it down; the one that somebody else wrote in the meantime; None when only its place was taken."""
    try:
        with transaction.atomic():
            badge.save(force_insert=True)
            record(
                action="credentials.issue_badge",
                target=badge,
                actor=None,
                organisation=badge.certificate.organisation,
                after={"serial": badge.certificate.serial, "number": badge.number},
            )
    except IntegrityError:
        badge.pk = None
        return badges_of(badge.certificate).filter(number=badge.number).first()
    return badge
