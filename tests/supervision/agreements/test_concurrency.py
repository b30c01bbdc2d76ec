import pytest

from core.models import Notice
from supervision.agreements import actions
from supervision.models import Agreement, AgreementAcceptance
from tests.factories import (
    make_agreement_template,
    make_organisation,
    make_pairing,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once
from tests.supervision.agreements.test_agreements import frame
from tests.supervision.sessions.test_concurrency import done, trying

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_twenty_clicks_make_one_draft_one_proposal_and_one_acceptance():
    place = make_organisation("同心社工机构", kind="agency")
    supervisor, mentee = make_supervisor(organisation=place), make_user("林一", place)
    pairing = make_pairing(supervisor, mentee.person)
    make_agreement_template(place)
    actor = supervisor.person.user

    def draft(_):
        return actions.draft_agreement(pairing=pairing, actor=actor, goals="接案", frame=frame()).pk

    at_once(trying(draft), range(20))
    agreement = Agreement.objects.get()

    def propose(_):
        return actions.propose_agreement(agreement=agreement, actor=actor).pk

    assert len(done(at_once(trying(propose), range(20)))) == 1

    def accept(_):
        return actions.accept_agreement(agreement=agreement, actor=mentee, revision=1).pk

    assert len(done(at_once(trying(accept), range(20)))) == 1
    assert AgreementAcceptance.objects.count() == 2
    assert Notice.objects.filter(user=actor).count() == 1
