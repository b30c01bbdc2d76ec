"""Rows of credentials: what an authority grants, from the policy to the payment and the honour."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.attachments.actions import keep_file
from core.models import Organisation, User
from tests.architecture.furnishing.core import kept_file
from tests.factories import (
    make_award_round,
    make_nomination,
    make_notice,
    make_objection,
    make_policy,
    make_user,
)
from tests.factories.policies import make_forecast
from tests.factories.subsidies import make_payment_rows, make_reversal_rows


def furnish(rows: SimpleNamespace, person_of: User, officer: User) -> dict[str, Any]:
    """A policy with a claim and a forecast, a notice with an objection, and award rounds."""
    notice = make_notice(rows.place)
    return {
        "policy": make_policy(rows.place, officer),
        **_of_claim(person_of, officer, rows.place),
        "forecast": make_forecast(rows.place, officer),
        "public_notice": notice,
        "objection": make_objection(notice),
        **_of_awards(rows.place, person_of, officer),
    }


def _of_claim(person_of: User, officer: User, place: Organisation) -> dict[str, Any]:
    """A claim with a paper, refused with an appeal, and a line of the payment ledger."""
    from credentials.models import Claim, ClaimPaper, PaymentEntry

    person, today = person_of.person, timezone.localdate()
    version = make_policy(place, officer).latest()
    about = {"person": person, "holder": person_of, "authority": place}
    claim = Claim.objects.create(
        **about,
        version=version,
        name=person.name,
        employer=person.employer,
        family=version.subsidy.code,
        benefit="certificate",
        key="assistant",
        state="refused",
        claimed_on=today,
        reason="不符",
    )
    refusal = claim.reviews.create(
        holder=person_of, stage="county", verdict="refuse", reason="不符", by=officer
    )
    builder = make_user("制表出纳", place)  # whoever has decided about a claim builds no batch of it
    batch = make_payment_rows(claim, builder)
    return {
        "claim": claim,
        "payment_batch": batch,
        "payment_line": batch.lines.get(),
        "payment_reversal": make_reversal_rows(claim, builder, make_user("复核出纳", place)),
        "claim_paper": ClaimPaper.objects.create(claim=claim, slot="form", file=kept_file(person_of)),
        "claim_review": refusal,
        "claim_conflict": claim.conflicts.create(officer=officer, words="同学"),
        "claim_appeal": claim.appeals.create(
            against=refusal, holder=person_of, refused_by=officer, words="请复核"
        ),
        "payment_entry": PaymentEntry.objects.create(
            **about,
            claim=claim,
            kind="earlier",
            policy=version.subsidy.code,
            benefit="certificate",
            key="assistant",
            amount=500,
            on=today,
            source=f"earlier:{claim.pk}",
            proof=kept_file(person_of),
            entered_by=officer,
        ),
    }


def _of_awards(place: Organisation, person_of: User, officer: User) -> dict[str, Any]:
    """A round in which the person is on the shortlist and the officer judges, and one that takes nominations."""
    from credentials.models import NominationPaper, PanelMember

    judged = make_award_round(place, officer, state="scoring")
    nomination = make_nomination(judged, person_of.person, state="shortlisted")
    paper = keep_file(upload=SimpleUploadedFile("事迹.pdf", b"%PDF-1.7 deeds"), actor=person_of)
    return {
        "award_round": make_award_round(place, officer, year=2020),
        "draft_round": make_award_round(place, officer, state="draft", year=2021),
        "judged_round": judged,
        "nomination": nomination,
        "nomination_paper": NominationPaper.objects.create(
            nomination=nomination, attachment=paper, sha256=paper.sha256
        ),
        "panel_member": PanelMember.objects.create(
            round=judged, user=officer, added_by=officer, declared_at=timezone.now()
        ),
    }
