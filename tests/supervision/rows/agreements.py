"""Agreements in every state that matters."""

from supervision.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
)
from tests.factories import make_agreement, make_agreement_template


def agreed_of(places, pairings):
    """Templates of both places, and an agreement of each pairing in a state of its own."""
    templates = [make_agreement_template(place) for place in places]
    states = ("accepted", "proposed", "superseded", "draft")
    agreements = [
        make_agreement(pairing, state, templates[0]) for pairing, state in zip(pairings, states, strict=True)
    ]
    return {
        AgreementTemplate: templates,
        Agreement: agreements,
        AgreementText: [agreement.texts.get() for agreement in agreements],
        AgreementAcceptance: [
            AgreementAcceptance.objects.create(
                agreement=agreement,
                person=agreement.pairing.mentee,
                accepted_by=agreement.pairing.mentee.user,
                text_hash="1" * 64,
                accepted_at=agreement.created_at,
            )
            for agreement in agreements
        ],
        AgreementRemark: [
            AgreementRemark.objects.create(agreement=agreement, author=agreement.pairing.mentee, text="改")
            for agreement in agreements
        ],
    }
