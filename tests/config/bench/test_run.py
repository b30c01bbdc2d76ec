"""The units measured upon the sample data, one round each. What they cost is not asserted: that is the benchmark's."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from config.bench import content, run, rush, storm, tables, worker
from config.bench.figures import Figures
from config.bench.units import SCENARIOS, UNITS
from config.bench.visitor import UnexpectedAnswer, Visitor
from config.bench.worker import Took
from config.management.commands import bench
from core.jobs.actions import run_job
from lms.models import Enrolment, ScoState, Watching
from tests.factories import make_cohort, make_enrolment, make_user, make_version


@pytest.fixture
def here(settings, monkeypatch):
    """A host as production has it, one round that counts, and the test's connection stays open, as for its client."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.SITE_URL = "http://127.0.0.1:8000"
    monkeypatch.setattr(run, "WARM_UP", 0)
    monkeypatch.setattr(bench, "WARM_UP", 0)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_unit_is_given_by_one_scenario() -> None:
    given = [name for names, _ in SCENARIOS for name in names]
    assert sorted(given) == sorted(UNITS)


def test_the_course_to_measure_on_has_24_activities_and_quizzes_of_four_pages() -> None:
    modules = content.outline()["modules"]
    assert sum(len(module["lessons"]) + 1 for module in modules) == 24
    for module in modules:
        assert len(module["quiz"]["questions"]) == 20
        assert all(question["kind"] == "single" for question in module["quiz"]["questions"])
    assert any(block["type"] == "check" for block in modules[0]["lessons"][0]["body"])


@pytest.fixture
def small(monkeypatch) -> None:
    """What is measured once, with few people and without processes of its own."""
    for module, sizes in (
        (storm, {"AT_ONCE": 12}),
        (rush, {"APPLICANTS": 16, "SEATS": 2, "CANCELLED": 2}),
        (tables, {"FEW": 3, "MANY": 5}),
    ):
        for name, size in sizes.items():
            monkeypatch.setattr(module, name, size)
    monkeypatch.setattr(bench, "in_worker", lambda job: (run_job(job), Took(0.0, 100.0))[1])


@pytest.fixture
def stage(tree, cast, monkeypatch) -> content.Stage:
    """A course and a trainee half way, without the sample data: threads see only what is committed."""
    version = make_version()
    type(version.course).objects.filter(pk=version.course_id).update(code=content.CODE)
    halfway = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)
    made = content.Stage(enrolments=[], halfway=halfway, officer=cast.administrator)
    monkeypatch.setattr(bench, "set_stage", lambda _people: made)
    return made


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_storm_a_rush_and_tables_are_measured_once(here, stage, small, tmp_path, capsys) -> None:
    file = tmp_path / "figures.json"
    only = [word for name in ("storm", "rush", "tables") for word in ("--only", name)]
    call_command("bench", "--here", "--rounds", "1", "--json", str(file), *only)
    shown = capsys.readouterr().out
    assert "12 noted, 0 failed" in shown
    assert "2 seated, 14 waiting in order" in shown
    assert [line.split(":")[0] for line in shown.splitlines()[-3:]] == [
        "people, 3 rows",
        "list of a cohort, 3 rows",
        "many people, 5 rows",
    ]
    told = json.loads(file.read_text(encoding="utf-8"))["once"]
    assert [each["kind"] for each in told] == ["storm", "rush", "taken", "taken", "taken"]
    assert (told[0]["noted"], told[1]["seated"], told[1]["waiting"]) == (12, 2, 14)
    assert told[2]["title"] == "people" and told[2]["checked"]["peak_mb"] == 100


def test_what_is_over_its_budget_is_said_after_all_was_measured(monkeypatch, tmp_path, capsys) -> None:
    file = tmp_path / "figures.json"
    budget = UNITS["verify"].budget.statements
    found = {
        "outline": Figures(median=1, p95=1, statements=1, readings=1),
        "verify": Figures(median=1, p95=1, statements=budget + 1, readings=1),
    }
    late = tables.Taken("people", 2, Took(1.0, 90), Took(1.5, 80), most_seconds=2)
    monkeypatch.setattr(bench, "set_stage", lambda _people: None)
    monkeypatch.setattr(bench, "measure", lambda *_rest: found)
    monkeypatch.setattr(bench, "_once", lambda *_rest: [late])
    said = ["verify a certificate, anonymous: over: statements", "people: 2.5 s, over 2 s"]
    with pytest.raises(CommandError) as refused:
        call_command("bench", "--here", "--json", str(file))
    assert str(refused.value).splitlines()[1:] == said
    shown = capsys.readouterr().out
    assert UNITS["outline"].title in shown and str(late) in shown
    told = json.loads(file.read_text(encoding="utf-8"))
    assert list(told["units"]) == ["outline", "verify"]
    assert told["faults"] == said
    assert [(each["title"], each["applied"]["seconds"]) for each in told["once"]] == [("people", 1.5)]


@pytest.fixture
def patient(monkeypatch) -> None:
    """However long anything takes: a test runs beside others, and its times say nothing."""
    monkeypatch.setattr(bench, "exceeded", lambda _found: [])


def test_the_memory_of_a_process_is_known() -> None:
    assert 10 < worker.peak_mb() < 100_000  # MB


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="that each unit can be measured is shown on SQLite"
)
@pytest.mark.django_db
def test_every_unit_is_measured_and_a_second_run_may_ask_for_one_only(
    here, patient, tmp_path: Path, capsys
) -> None:
    file = tmp_path / "figures.json"
    every = [word for name in UNITS for word in ("--only", name)]
    call_command("bench", "--here", "--rounds", "1", "--json", str(file), *every)
    told = json.loads(file.read_text(encoding="utf-8"))
    assert list(told["units"]) == list(UNITS)
    assert told["circumstances"]["rounds"] == 1 and told["circumstances"]["debug"] is False
    assert told["units"]["answer-next"]["readings"] == 4 and told["units"]["answer-save"]["readings"] == 20
    assert told["units"]["outline"]["budget"] == {"ms": 9, "statements": 10}
    shown = capsys.readouterr().out
    assert all(unit.title in shown for unit in UNITS.values())
    trainee = Enrolment.objects.get(cohort__course__code="bench", person__user__email__startswith="bench")
    assert [attempt.percent for attempt in trainee.attempts.all()] == [100, 100]
    assert [row.completed_at is not None for row in trainee.progress.order_by("pk")] == [True, False, False]
    assert Watching.objects.get(enrolment=trainee).credited == 1_500  # three reports of half a second
    assert ScoState.objects.get(registration__enrolment=trainee).sequence == 3

    call_command("bench", "--here", "--rounds", "1", "--only", "outline", "--json", str(file))
    assert list(json.loads(file.read_text(encoding="utf-8"))["units"]) == ["outline"]


@pytest.mark.django_db
def test_nothing_is_measured_among_real_people(cast) -> None:
    people = content.Person.objects.count()
    with pytest.raises(CommandError, match="real people"):
        call_command("bench", "--here", "--rounds", "1")
    assert content.Person.objects.count() == people


def test_no_rounds_and_no_database_are_refused_before_anything_begins(monkeypatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(CommandError, match="1 or more"):
        call_command("bench", "--rounds", "0")
    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("bench", "--database", "current")


@pytest.mark.django_db
def test_a_visitor_signs_in_sends_forms_and_refuses_what_is_not_expected(here, tree) -> None:
    visitor = Visitor("10.0.0.9")
    with pytest.raises(UnexpectedAnswer, match="/dashboard/: 302"):
        visitor.get("/dashboard/")
    visitor.sign_in(make_user("林小荷", tree["station"], email="trainee@example.com"))
    answer = visitor.get("/dashboard/")
    assert "林小荷" in answer.body.decode() and answer.cost.statements > 0
    assert visitor.post("/accounts/logout/").headers["Location"] == "/"
