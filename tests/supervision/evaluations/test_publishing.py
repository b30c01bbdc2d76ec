"""Only averages of enough people are published, once, and never changed."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import Notice
from core.states import Refused
from supervision.evaluations import actions
from supervision.evaluations.queries import minimum_for, rules_in_force
from supervision.models import (
    CountedAnswer,
    EvaluationResult,
    EvaluationWords,
)
from tests.factories import (
    make_evaluation,
    make_pairing,
    make_supervisor,
    make_user,
)
from tests.supervision.evaluations.said import MARKER, answered


def test_four_people_are_too_few_and_five_are_published_once(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    answered(supervisor, tree["station"], 4)
    assert actions.publish_evaluations() == 0
    answered(supervisor, tree["station"], 1)
    assert actions.publish_evaluations() == 1
    assert actions.publish_evaluations() == 0
    result = EvaluationResult.objects.get()
    assert (result.people, [row[2] for row in result.rows]) == (5, ["≥4.0", "≥4.0"])
    assert CountedAnswer.objects.filter(result=result).count() == 5
    assert Notice.objects.filter(user=cast.supervisor, kind="supervision.evaluation").count() == 1


def test_what_is_published_is_never_published_again_nor_changed(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=40)
    answered(supervisor, tree["station"], 5)
    actions.publish_evaluations()
    answered(supervisor, tree["station"], 6)  # too late for this period: they count with the next
    assert actions.publish_evaluations() == 0
    with time_machine.travel(timezone.now() + timedelta(days=190)):
        assert actions.publish_evaluations() == 1
    counts = sorted(EvaluationResult.objects.values_list("people", flat=True))
    assert counts == [5, 6] and CountedAnswer.objects.count() == 11
    with pytest.raises(DatabaseError), transaction.atomic():
        EvaluationResult.objects.update(people=7)


def test_answers_of_the_running_half_year_wait(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    rows = [make_pairing(supervisor, make_user("林一", tree["station"]).person) for _ in range(6)]
    for pairing in rows:
        make_evaluation(pairing, "supervisor", "locked")
    assert actions.publish_evaluations() == 0


def test_a_local_rule_asks_for_more_and_the_nearest_one_holds(tree, cast):
    today = timezone.localdate()
    actions.set_publication_rule(
        organisation=tree["city"], minimum=9, starts_on=today, source="市", actor=cast.city_administrator
    )
    actions.set_publication_rule(
        organisation=tree["district"], minimum=6, starts_on=today, source="区", actor=cast.administrator
    )
    rules = rules_in_force(today)
    assert minimum_for(rules, tree["agency"].path) == 6
    assert minimum_for(rules, tree["other_station"].path) == 9
    with pytest.raises(Refused):
        actions.set_publication_rule(
            organisation=tree["city"], minimum=9, starts_on=today, source="市", actor=cast.city_administrator
        )
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    answered(supervisor, tree["station"], 5)
    assert actions.publish_evaluations() == 0


def test_words_are_passed_on_only_when_enough_agreed(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    answered(supervisor, tree["station"], 5, text=MARKER, may_share=True)
    answered(supervisor, tree["station"], 1, text="不给看")
    actions.publish_evaluations()
    words = EvaluationWords.objects.get()
    assert words.each == [MARKER] * 5
    assert set(EvaluationWords.objects.visible_to(cast.supervisor)) == {words}
    for user in (cast.administrator, cast.city_administrator, cast.auditor, cast.trainee):
        assert not EvaluationWords.objects.visible_to(user).exists()


def test_four_who_agree_are_too_few_for_words(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    answered(supervisor, tree["station"], 4, text=MARKER, may_share=True)
    answered(supervisor, tree["station"], 2, text="不给看")
    assert actions.publish_evaluations() == 1
    assert not EvaluationWords.objects.exists()
