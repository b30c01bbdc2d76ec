import pytest

from core.models import AuditEntry, Notice
from supervision.evaluations import actions
from supervision.evaluations.actions import Said
from supervision.models import CountedAnswer, Evaluation, EvaluationAnswer, EvaluationResult
from tests.factories import (
    make_agreement,
    make_evaluation,
    make_evaluation_template,
    make_organisation,
    make_pairing,
    make_session,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once
from tests.supervision.evaluations.said import answered
from tests.supervision.sessions.test_concurrency import done, trying

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    return make_organisation("同心社工机构", kind="agency")


def test_twenty_clicks_make_one_answer(place):
    mentee = make_user("林一", place)
    row = make_evaluation(make_pairing(make_supervisor(organisation=place), mentee.person))

    def answer(score):
        said = Said(scores=dict.fromkeys(row.template.questions, score % 5 + 1))
        return actions.answer_evaluation(evaluation=row, actor=mentee, said=said).pk

    assert len(set(done(at_once(trying(answer), range(20))))) == 1
    assert EvaluationAnswer.objects.count() == 1
    assert AuditEntry.objects.filter(action="supervision.answer_evaluation").count() == 1


def test_ten_clocks_ask_once(place):
    from django.utils import timezone

    for about in ("supervisor", "mentee"):
        make_evaluation_template(place, about)
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    make_session(pairing, "confirmed")
    make_agreement(pairing, "accepted", review_on=timezone.localdate())
    assert sum(at_once(lambda _: actions.open_evaluations(), range(10))) == 3
    assert Evaluation.objects.count() == 3
    assert Notice.objects.filter(kind="supervision.evaluation").count() == 2


def test_ten_clocks_publish_once(place):
    supervisor = make_supervisor(organisation=place, capacity=20)
    answered(supervisor, place, 6)
    assert sum(at_once(lambda _: actions.publish_evaluations(), range(10))) == 1
    assert EvaluationResult.objects.count() == 1 and CountedAnswer.objects.count() == 6
