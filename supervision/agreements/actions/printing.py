"""What an agreement says, frozen when it is proposed, and the paper that is made of it."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.pdf.faces import MissingGlyph, describe_character
from core.ui.lists import listed
from supervision.agreements.document import AgreementFacts, Signed, render
from supervision.agreements.models import (
    Agreement,
    AgreementText,
)
from supervision.pairings.actions import NotPossible


def document_of(agreement: Agreement) -> bytes:
    """The agreed text as a PDF: from what was frozen, with the two acceptances. Raises NotPossible before both accepted."""
    if not agreement.is_agreed:
        raise NotPossible(_("Both have to accept it first."))
    return printed(agreement, agreement.texts.get(number=agreement.revision))


def printed(agreement: Agreement, text: AgreementText) -> bytes:
    """Raises NotPossible, naming the characters, where the paper would have a gap."""
    frozen = json.loads(text.frozen)
    names = {agreement.pairing.mentee_id: frozen["mentee"]}  # as they were called then
    plain = ("title", "number", "mentee", "supervisor", "code", "organisation", "goals", "watermark")
    facts = AgreementFacts(
        **{name: frozen[name] for name in plain},
        frame=tuple((label, value) for label, value in frozen["frame"]),
        sections=tuple((label, value) for label, value in frozen["sections"]),
        signed=tuple(
            Signed(names.get(each.person_id, frozen["supervisor"]), timezone.localtime(each.accepted_at))
            for each in agreement.acceptances.filter(text_hash=text.text_hash)
        ),
        sha256=text.text_hash,
    )
    try:
        return render(facts)
    except MissingGlyph as missing:
        words = _("These characters cannot be printed: %(characters)s. Write it without them.")
        raise NotPossible(
            words % {"characters": listed(describe_character(each) for each in missing.characters)}
        )


def frozen(row: Agreement, text: AgreementText) -> dict[str, Any]:
    """All that the agreement says, in Chinese, as the two will have accepted it."""
    pairing = row.pairing
    with translation.override("zh-hans"):
        frame = [
            (_("How often"), row.get_every_days_display()),
            (_("Minutes per session"), str(row.minutes)),
            (_("Setting"), row.get_way_display()),
            (_("Place or platform"), text.place),
            (_("From"), f"{row.starts_on:%Y-%m-%d}"),
            (_("Until"), f"{row.ends_on:%Y-%m-%d}"),
            (_("Review on"), f"{row.review_on:%Y-%m-%d}"),
        ]
        sections = row.template.texts
        frame = [(str(label), str(value)) for label, value in frame if value]
    sample = pairing.mentee.is_sample or pairing.supervisor.person.is_sample
    return {
        "title": row.template.title,
        "template": row.template.pk,
        "number": row.number,
        "revision": row.revision,
        "mentee": pairing.mentee.name,
        "supervisor": pairing.supervisor.person.name,
        "code": pairing.supervisor.code,
        "organisation": pairing.organisation.name,
        "goals": text.goals,
        "frame": frame,
        "sections": sections,
        "watermark": "样例" if sample else None,
    }
