import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments import actions
from lms.assignments.policy import Pick, reckon, rubric_of
from lms.models import CriterionMark, GivenMark, Submission
from tests.factories import make_submission
from tests.factories.assignments import RUBRIC
from tests.lms.assignments.test_actions import enrol
from tests.lms.assignments.test_views import at

CRITERIA = rubric_of(RUBRIC)
BEST = {row.key: Pick(row.levels[0].key, "写得清楚") for row in CRITERIA}
PICKS = st.fixed_dictionaries(
    {
        row.key: st.sampled_from([Pick(level.key) for level in row.levels] + [Pick(), Pick("x")])
        for row in CRITERIA
    }
)


@given(PICKS)
def test_the_total_never_exceeds_the_best_levels_and_needs_every_criterion(picks):
    found = reckon(CRITERIA, picks)
    if found.missing:
        assert found.total is None
    else:
        assert 0 <= found.total <= sum(row.most for row in CRITERIA)
        assert found.total == sum(row.level.points for row in found.chosen)


def test_a_level_that_the_criterion_does_not_have_counts_as_none():
    assert reckon(CRITERIA, {}).missing == ("事实", "判断")
    assert reckon((), {"x": Pick("y")}).total is None


@pytest.fixture
def submission(tree, cast):
    return make_submission(enrol(tree, cast, rubric=RUBRIC))


def mark(submission, cast, picks, **more):
    facts = {"passes": True, "score": 7, "comment": "好"} | more
    return actions.mark_submission(submission=submission, actor=cast.instructor, picks=picks, **facts)


def test_the_score_is_what_the_levels_come_to_whatever_else_is_sent(submission, cast):
    row = mark(submission, cast, BEST | {"facts": Pick("facts-1")})
    assert (row.state, row.score) == ("passed", 80)
    assert [(each.title, each.level, each.points) for each in row.why] == [
        ("事实", "部分", 40),
        ("判断", "充分", 40),
    ]


def test_passing_needs_a_level_for_each_criterion_and_returning_does_not(submission, cast):
    with pytest.raises(actions.NotPossible, match="判断"):
        mark(submission, cast, {"facts": Pick("facts-0")})
    row = mark(submission, cast, {"facts": Pick("facts-2")}, passes=False)
    assert (row.state, row.score) == ("returned", None)
    assert CriterionMark.objects.count() == 1


def test_a_corrected_mark_keeps_the_levels_of_the_former_one(submission, cast):
    row = mark(submission, cast, BEST)
    actions.correct_mark(
        submission=row,
        actor=cast.instructor,
        seen=row.marked_at,
        passes=True,
        score=None,
        comment="好",
        reason="漏看一段",
        picks=BEST | {"judgement": Pick("judgement-1")},
    )
    assert [mark.score for mark in GivenMark.objects.all()] == [100, 80]
    assert [row.points for row in CriterionMark.objects.all()] == [60, 40, 60, 20]
    assert Submission.objects.get().score == 80


def test_what_a_mark_gave_for_a_criterion_is_never_changed(submission, cast):
    mark(submission, cast, BEST)
    with pytest.raises(IntegrityError), transaction.atomic():
        CriterionMark.objects.update(points=1)


def test_the_teacher_picks_levels_and_the_trainee_reads_why(client, submission, cast):
    client.force_login(cast.trainee)
    before = client.get(at("detail", submission.enrolment)).text
    assert "事实写清" in before
    client.force_login(cast.instructor)
    page = reverse("assignments:mark", args=[submission.pk])
    form = client.get(page).context["form"]
    assert "score" not in form.fields
    wrong = client.post(page, {"verdict": "pass", "rubric-0": "nonsense", "comment": "留着"})
    assert wrong.status_code == 200
    assert "留着" in wrong.text
    levels = {"rubric-0": "facts-0", "rubric-0-comment": "事实完整", "rubric-1": "judgement-1"}
    client.post(page, {"verdict": "pass", "score": "3", "comment": "好", **levels})
    client.force_login(cast.trainee)
    after = client.get(at("detail", submission.enrolment)).text
    assert "事实完整" in after
    assert "80" in after
    client.force_login(cast.instructor)
    form = client.get(reverse("assignments:correct", args=[submission.pk])).context["form"]
    assert form["rubric-1"].value() == "judgement-1"
