import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.jobs.actions import run_job
from core.models import AuditEntry, Job
from lms import tasks  # noqa: F401 (registers the jobs)
from lms.analysis.jobs import analyse_items
from lms.analysis.queries import counted
from lms.marking.actions import regrade_paper
from lms.models import Attempt, ItemReport
from tests.factories import make_cohort, make_paper, make_version
from tests.lms.marking.making import essay_paper, sit


@pytest.fixture
def cohort(tree, cast):
    return make_cohort(tree["district"], make_version(lessons=0, quizzes=0))


@pytest.fixture
def paper(cohort):
    paper = essay_paper(cohort.version, questions=make_paper(3))
    for number, said in enumerate((("1a", "2a", "3a"), ("1a", "2a"), ("1b", "2b", "3b"), ("1b",))):
        answers = {f"question-{place}": [key] for place, key in enumerate(said, start=1)}
        sit(paper, cohort, f"人{number}", answers)
    return paper


def made(paper, actor):
    job = analyse_items(paper=paper, actor=actor)
    run_job(job.pk)
    return ItemReport.objects.get(paper=paper, made_by=actor)


def test_a_report_says_what_was_answered(paper, cast):
    report = made(paper, cast.instructor)
    assert (report.people, len(report.items)) == (4, 3)
    first = report.items[0]
    assert (first["number"], first["difficulty"], first["people"]) == (1, 0.5, 4)
    assert [(row["right"], row["number"]) for row in first["choices"]] == [(True, 2), (False, 2), (False, 0)]
    assert report.items[2]["difficulty"] == 0.25  # what was left empty is wrong


def test_the_first_result_of_each_person_counts(paper, cohort, cast):
    first = Attempt.objects.earliest("pk")
    Attempt.objects.create(
        enrolment=first.enrolment, paper=paper, number=2, state="submitted", percent=0, passed=False,
        finished_at=first.finished_at, marked_at=first.marked_at,
    )  # fmt: skip
    assert len(counted(cast.instructor, paper)[0]) == 4


def test_only_attempts_of_ones_own_tree_are_counted(tree, paper, cohort, cast):
    other = make_cohort(tree["other_district"], cohort.version)
    sit(paper, other, "外区", {"question-1": ["1a"]})
    assert len(counted(cast.instructor, paper)[0]) == 4
    assert len(counted(cast.city_administrator, paper)[0]) == 5
    assert len(counted(cast.outsider, paper)[0]) == 1


def test_a_report_is_its_makers_alone(paper, cast):
    report = made(paper, cast.instructor)
    assert list(ItemReport.objects.visible_to(cast.instructor)) == [report]
    assert not ItemReport.objects.visible_to(cast.administrator).exists()


def test_it_goes_by_the_key_that_stands(paper, cast):
    regrade_paper(
        paper=paper, question="question-1", remedy="key", change={"correct": ["1b"]}, reason="错", seen=0,
        actor=cast.administrator,
    )  # fmt: skip
    for job in Job.objects.filter(state="queued"):
        run_job(job.pk)
    first = made(paper, cast.instructor).items[0]
    assert [row["right"] for row in first["choices"]] == [False, True, False]
    regrade_paper(
        paper=paper,
        question="question-2",
        remedy="out",
        change={},
        reason="错",
        seen=0,
        actor=cast.administrator,
    )
    assert [row["key"] for row in made(paper, cast.instructor).items] == ["question-1", "question-3"]


def test_an_empty_paper_has_an_empty_report(cohort, cast, tree):
    paper = essay_paper(cohort.version, questions=make_paper(2))
    assert made(paper, cast.instructor).items == []


def test_the_page_shows_figures_and_a_table_and_costs_the_same_for_many(paper, cohort, cast, client):
    client.force_login(cast.instructor)
    address = reverse("analysis:report", args=[paper.pk])
    assert client.get(address).status_code == 200
    made(paper, cast.instructor)
    page = client.get(address).content.decode()
    assert "第1题" in page
    assert "<svg" in page or "bar" in page
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) <= 15
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404


def test_it_is_taken_out_as_a_sheet_and_that_is_recorded(paper, cast, client):
    made(paper, cast.instructor)
    client.force_login(cast.instructor)
    answer = client.get(reverse("analysis:download", args=[paper.pk]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[0].max_row == 4
    assert book.worksheets[1].max_row == 10
    assert AuditEntry.objects.filter(action="lms.export_items").count() == 1
    names = [row.enrolment.person.name for row in Attempt.objects.select_related("enrolment__person")]
    said = "".join(str(cell.value) for sheet in book.worksheets for row in sheet.rows for cell in row)
    assert not any(name in said for name in names)
