from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.jobs.actions import Run, claim_job, run_job
from core.models import AuditEntry, Job, Notice
from lms.assessments.queries import sheet_of
from lms.corrections.policy import is_key
from lms.corrections.queries import corrections_of
from lms.marking import actions, jobs
from lms.marking.actions import NotPossible
from lms.marking.actions.regrading import REGRADE
from lms.marking.policy.regrading import Worth, regraded
from lms.marking.queries.regrading import is_covered, lines_told, preview_of
from lms.models import Attempt, Enrolment, Regrade, RegradeLine
from tests.factories import make_cohort, make_paper, make_version
from tests.lms.marking.making import essay_paper, sit

TO_B = {"remedy": "key", "change": {"correct": ["1b"]}}


@pytest.fixture
def cohort(tree, cast):
    return make_cohort(tree["district"], make_version(lessons=0, quizzes=0))


@pytest.fixture
def paper(cohort):
    return essay_paper(cohort.version, questions=make_paper())  # two questions; passed with 60


def correct(paper, actor, question="question-1", seen=0, **facts):
    wanted = {"remedy": "key", "change": {"correct": ["1b"]}, "reason": "答案印错"} | facts
    made = actions.regrade_paper(paper=paper, question=question, seen=seen, actor=actor, **wanted)
    for job in Job.objects.filter(kind=REGRADE, state="queued"):
        run_job(job.pk)
    return made


def both(paper, cohort, name="甲", first="1a", second="2a"):
    return sit(paper, cohort, name, {"question-1": [first], "question-2": [second]})


def test_a_corrected_key_changes_the_results_and_keeps_what_they_were(paper, cohort, cast):
    old, new = both(paper, cohort), both(paper, cohort, "乙", "1b")
    made = correct(paper, cast.administrator)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.percent, new.percent, new.passed) == (50, 100, True)
    lines = [(line.before, line.after) for line in made.lines.order_by("attempt")]
    assert lines == [(100, 50), (50, 100)]
    assert Notice.objects.filter(kind="lms.result_regraded").count() == 2
    assert AuditEntry.objects.filter(action="lms.regrade_paper").count() == 1


def test_who_had_passed_and_completed_stays_so_and_the_score_tells_the_truth(paper, cohort, cast):
    attempt = both(paper, cohort)
    Enrolment.objects.update(state="completed", completed_at=timezone.now(), learned=90)
    correct(paper, cast.administrator)
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed) == (50, True)
    assert Enrolment.objects.get().state == "completed"
    assert [row["stays"] for row in lines_told(attempt)] == [True]


def test_what_is_handed_in_later_is_marked_by_the_correction_and_the_paper_stays(paper, cohort, cast):
    both(paper, cohort)
    correct(paper, cast.administrator)
    later = both(paper, cohort, "丙", "1b")
    assert later.percent == 100
    shown = sheet_of(later, tells_answers=True).questions[0]
    assert [choice.key for choice in shown.choices if choice.is_correct] == ["1b"]
    paper.refresh_from_db()
    assert paper.questions[0]["correct"] == ["1a"]


@pytest.mark.parametrize(("remedy", "results"), [("full", (100, 50)), ("out", (100, 0))])
def test_a_void_question_gives_everybody_its_points_or_does_not_count(paper, cohort, cast, remedy, results):
    rows = [both(paper, cohort), sit(paper, cohort, "乙", {})]
    correct(paper, cast.administrator, remedy=remedy)
    assert tuple(Attempt.objects.get(pk=row.pk).percent for row in rows) == results


@pytest.mark.parametrize(
    "wanted",
    [TO_B, {"remedy": "full", "change": {}}, {"remedy": "out", "change": {}}],
    ids=["key", "full", "out"],
)
def test_the_preview_says_what_the_regrade_does(paper, cohort, cast, wanted):
    for number, (first, second) in enumerate((a, b) for a in ("1a", "1b", "1c") for b in ("2a", "2b")):
        both(paper, cohort, f"人{number}", first, second)
    sit(paper, cohort, "空", {})
    # A second correction after a first one: what stands is what the preview starts from.
    correct(paper, cast.administrator, remedy="key", change={"correct": ["1c"]})
    standing = Regrade.objects.get()
    preview = preview_of(paper, "question-1", wanted["remedy"], wanted["change"], standing)
    said = {line.attempt.pk: (line.before, line.after) for line in preview.lines}
    made = correct(paper, cast.administrator, seen=1, **wanted)
    lines = made.lines.all()
    assert said == {line.attempt_id: (line.before, line.after) for line in lines if line.before != line.after}
    assert preview.total == len(lines) == 7
    assert preview.passes_now == sum(bool(x.passed_after) and not x.passed_before for x in lines)


def test_two_clicks_correct_once_and_another_officer_is_told(paper, cohort, cast):
    both(paper, cohort)
    first = correct(paper, cast.administrator)
    assert correct(paper, cast.administrator) == first
    with pytest.raises(NotPossible):
        correct(paper, cast.city_administrator, change={"correct": ["1c"]})
    assert Regrade.objects.count() == Job.objects.filter(kind=REGRADE).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "  "},
        {"change": {"correct": ["zz"]}},
        {"change": {"correct": ["1a", "1b"]}},
        {"change": {"correct": []}},
        {"change": {"answers": [{"text": "x", "share": "100"}]}},
        {"remedy": "nonsense"},
        {"question": "question-9"},
    ],
)
def test_what_is_no_key_is_refused(paper, cohort, cast, wrong):
    both(paper, cohort)
    with pytest.raises(NotPossible):
        correct(paper, cast.administrator, **wrong)


def test_the_last_question_that_counts_is_not_taken_out(paper, cohort, cast):
    both(paper, cohort)
    correct(paper, cast.administrator, remedy="out")
    with pytest.raises(NotPossible):
        correct(paper, cast.administrator, question="question-2", remedy="out")


def test_a_correction_needs_an_administrator_of_all_who_sat_the_paper(tree, paper, cohort, cast):
    both(paper, cohort)
    assert is_covered(cast.administrator, paper)
    assert not is_covered(cast.instructor, paper)
    both(paper, make_cohort(tree["other_district"], cohort.version), "外区")
    assert not is_covered(cast.administrator, paper)
    assert is_covered(cast.city_administrator, paper)
    with pytest.raises(NotPossible):
        correct(paper, cast.administrator)


def test_a_job_that_was_cut_goes_on_where_it_was(paper, cohort, cast):
    for number in range(4):
        both(paper, cohort, f"人{number}")
    made = actions.regrade_paper(
        paper=paper, question="question-1", reason="错", seen=0, actor=cast.administrator, **TO_B
    )
    for attempt in Attempt.objects.order_by("pk")[:2]:
        jobs.regrade_attempt(regrade=made, attempt_id=attempt.pk)
    run = claim_job(Job.objects.get(kind=REGRADE).pk)
    assert isinstance(run, Run)
    assert jobs.regrade_attempts(run) == {"done": 4, "changed": 4}
    assert jobs.regrade_attempts(run) == {"done": 4, "changed": 4}
    assert Notice.objects.filter(kind="lms.result_regraded").count() == RegradeLine.objects.count() == 4


def test_an_open_attempt_has_no_line_and_is_marked_by_the_correction_when_it_ends(paper, cohort, cast):
    attempt = both(paper, cohort)
    Attempt.objects.filter(pk=attempt.pk).update(
        state="open", percent=None, passed=None, finished_at=None, marked_at=None
    )
    made = correct(paper, cast.administrator)
    assert not made.lines.exists()


def test_corrections_are_never_changed(paper, cohort, cast):
    both(paper, cohort)
    correct(paper, cast.administrator)
    for rows in (Regrade.objects.all(), RegradeLine.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Regrade.objects.update(reason="别的")


def test_of_several_corrections_of_a_question_the_last_stands(paper, cohort, cast):
    attempt = both(paper, cohort)
    correct(paper, cast.administrator)
    correct(paper, cast.administrator, seen=1, change={"correct": ["1a"]}, reason="原来是对的")
    attempt.refresh_from_db()
    assert attempt.percent == 100
    assert corrections_of(paper.pk).changes == {"question-1": {"correct": ["1a"]}}


def test_a_key_is_one_of_the_kind_of_its_question():
    assert is_key({"kind": "short", "choices": []}, {"answers": [{"text": "x", "share": "100"}]})
    assert not is_key({"kind": "essay", "choices": []}, {"answers": []})
    assert not is_key({"kind": "matching", "choices": []}, {})


hundredths = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)


@given(hundredths, hundredths, hundredths, hundredths)
def test_a_regraded_result_is_a_share_of_what_there_is(rest, rest_most, reached, most):
    rest_most, most = max(rest, rest_most), max(reached, most)
    old, new = Worth(reached, most), Worth(most, most)
    result = regraded(rest + reached, rest_most + most, old, new, pass_percent=60)
    assert 0 <= result.percent <= 100
    assert result.points >= rest + reached


def test_while_a_correction_is_being_worked_in_no_other_is_made(paper, cohort, cast):
    both(paper, cohort)
    facts = {"paper": paper, "question": "question-1", "reason": "错", "actor": cast.administrator}
    actions.regrade_paper(seen=0, **facts, **TO_B)
    with pytest.raises(NotPossible):
        actions.regrade_paper(seen=1, **facts, remedy="full", change={})
