"""The demo: what the founding document names is there, nobody's data is, and loading twice changes nothing."""

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cms.models import ProgrammePage
from core.audit.queries import details
from core.imports.queries import counts_of
from core.models import AuditEntry, Job, Organisation, Person, RoleAssignment, SheetImport, User
from credentials.certificates.files import open_file
from credentials.models import (
    Badge,
    Certificate,
    Claim,
    ConductRecord,
    Design,
    HoursEntry,
    HoursStatement,
    ManualEntry,
    RegistrationPeriod,
    SigningKey,
    TalentPlan,
)
from credentials.payments.models import PaymentBatch, PaymentReversal
from credentials.payments.queries.apart import who_confirms, who_releases
from credentials.payments.queries.desk import payable_policies
from lms.cohorts.policy import RunState
from lms.cohorts.queries import state_of
from lms.models import ClassSession, Cohort, CoursePage, Enrolment, PathwayEnrolment
from lms.pathways.queries import progress_in
from supervision.models import (
    AllowanceStatement,
    Designation,
    MatchingRound,
    Pairing,
    RunLine,
    Session,
    SupervisionReport,
    Supervisor,
    Wish,
)
from supervision.pairings.actions import reconcile
from tests.core.pdf.reading import text_of

KINDS = (
    User,
    Person,
    Organisation,
    ProgrammePage,
    CoursePage,
    Cohort,
    Enrolment,
    Certificate,
    HoursEntry,
    HoursStatement,
    ManualEntry,
    RegistrationPeriod,
    Session,
    Pairing,
    MatchingRound,
    RunLine,
    Wish,
    ClassSession,
    PathwayEnrolment,
    Design,
    Badge,
    SigningKey,
    SheetImport,
)


HOURS = ["12:30"] if connection.vendor == "postgresql" else ["00:02", "23:58"]  # a load takes minutes


@pytest.fixture(params=HOURS)
def demo(db, django_capture_on_commit_callbacks, request):
    """Loaded at any hour of the place's day: its edges on SQLite, its middle on PostgreSQL."""
    hour, minute = map(int, request.param.split(":"))
    settings.DEMO_ACCOUNTS.unlink(missing_ok=True)
    moment = timezone.localtime().replace(hour=hour, minute=minute)
    with time_machine.travel(moment, tick=True):
        call_command("demo", verbosity=0)
        yield


def counts():
    return {kind.__name__: kind.objects.count() for kind in KINDS} | {
        "designations": Designation.objects.count()
    }


def test_the_demo_is_complete_and_loading_it_again_changes_nothing(demo, tmp_path):
    once = counts()
    codes = set(Certificate.objects.values_list("code", flat=True))
    accounts = settings.DEMO_ACCOUNTS.read_text()
    call_command("demo", verbosity=0)
    assert counts() == once
    assert set(Certificate.objects.values_list("code", flat=True)) == codes
    assert settings.DEMO_ACCOUNTS.read_text() == accounts
    check_people()
    check_courses()
    check_cohorts()
    check_timetables()
    check_pathways()
    check_certificates(tmp_path)
    check_rounds()
    check_accounts(json.loads(accounts))
    check_payers()
    check_payees(json.loads(accounts))
    check_audit()


def check_audit():
    """What an auditor reads is Chinese: every fact has a name, and no code stands for a word."""
    with override("zh-hans"):
        entries = AuditEntry.objects.select_related("content_type")
        told = {part for entry in entries for part in details(entry).split("；")}
    assert told
    assert not {part for part in told if re.match(r"[a-z0-9_]+：", part)}


def check_people():
    tiers = Counter(
        Designation.objects.filter(supervisor__code__startswith="SV").values_list("tier", flat=True)
    )
    assert tiers == {"junior": 106, "intermediate": 21, "senior": 7}
    codes = Supervisor.objects.filter(code__startswith="SV").order_by("code").values_list("code", flat=True)
    assert (codes[0], codes[133], len(codes)) == ("SV001", "SV134", 134)
    assert Person.objects.filter(employer__name__startswith="漯河").count() == 173
    for person in Person.objects.select_related("user"):
        assert person.is_sample
        assert person.user.email.endswith("@example.com")
        assert re.fullmatch(r"120199\d{11}[\dX]", person.id_number), "a region that is nobody's"
        assert not person.user.phone or person.user.phone.startswith("120")
    assert any("䶮" in name for name in Person.objects.values_list("name", flat=True))


def check_courses():
    assert ProgrammePage.objects.live().count() == 4
    for course in CoursePage.objects.filter(code__in=("spark-practice", "all-round")):
        version = course.latest_version
        assert version.lessons.count() >= 10
        assert sum(len(paper.questions) for paper in version.papers.all()) >= 40


def check_cohorts():
    states = {state_of(cohort) for cohort in Cohort.objects.all()}
    assert states == set(RunState)
    half = Enrolment.objects.exclude(cohort__course__code__in=("first-visit", "exam-practice")).get(
        person__user__email="halfway@example.com", state="enrolled"
    )
    assert 0 < half.progress.exclude(completed_at=None).count() < 12


def check_timetables():
    for cohort in Cohort.objects.exclude(classes=None):
        classes, now = cohort.classes.all(), timezone.now()
        assert 6 <= len(classes) <= 10
        assert {row.starts_at > now for row in classes} == {True, False}
        assert any(row.mode == "online" for row in classes)
        assert sum(row.cancelled_at is not None for row in classes) == 1
    assert Cohort.objects.exclude(classes=None).distinct().count() == 3


def check_pathways():
    rounds = PathwayEnrolment.objects.values_list("person__user__email", "round", "state")
    halfway = [row for row in rounds if row[0] == "halfway@example.com"]
    others = {row[1:] for row in rounds if row not in halfway}
    assert [row[1:] for row in halfway] == [(1, "running")]
    assert others == {(1, "expired"), (2, "running")}
    row = PathwayEnrolment.objects.get(person__user__email="halfway@example.com")
    assert (progress_in(row).done, progress_in(row).total) == (2, 4)


def check_rounds():
    """One round of 134 with 2,000 that is over, as the engine gave it and proved, and the next one that takes wishes."""
    finished = MatchingRound.objects.get(state="closed")
    assert (finished.supervisors.count(), finished.mentees.count()) == (134, 2_000)
    run = finished.runs.get()
    assert run.figures["proved"]
    assert (run.lines.count(), run.lines.filter(settled_at=None).count()) == (2_000, 0)
    given = run.lines.matched()
    assert given.count() == given.filter(pairing__isnull=False).count() == run.figures["matched"] > 600
    assert all(parts for parts in run.lines.values_list("parts", flat=True)), "everybody is told why"
    assert reconcile() == [], "every place is counted"
    mine = run.lines.get(mentee__person__user__email="henan-trainee@example.com")
    assert mine.supervisor.supervisor.code == "SV134"
    assert not given.filter(mentee__person__user__email="henan-newcomer@example.com").exists()
    coming = MatchingRound.objects.get(previous=finished, state="open")
    assert coming.supervisors.count() == 134
    sides = set(Wish.objects.filter(mentee__round=coming).values_list("side", flat=True))
    assert sides == {"mentee", "supervisor"}
    assert SupervisionReport.objects.filter(organisation__name__startswith="郑州市民政局").exists()
    assert AllowanceStatement.objects.filter(organisation__name__startswith="郑州").exists()


def check_certificates(folder):
    verdicts = Counter(certificate.verdict().value for certificate in Certificate.objects.all())
    assert verdicts.keys() == {"valid", "expired", "revoked", "replaced"}
    held = list(Certificate.objects.filter(person__user__email="graduate@example.com"))
    assert [bool(mine.facts.get("design")) for mine in held].count(True) == 1, "one is drawn by a template"
    for mine in held:
        with open_file(certificate=mine) as file:
            text = text_of(file.read(), folder)
        assert all(word in text for word in (mine.name, "样", "例"))  # the watermark stands aslant
    assert Counter(Badge.objects.values_list("certificate__state", flat=True)) == {"valid": 2, "revoked": 1}
    states = set(SigningKey.objects.values_list("purpose", "state"))
    assert {("pdf", "retired"), ("pdf", "active"), ("badge", "withdrawn"), ("badge", "active")} <= states
    waiting = SheetImport.objects.get(kind="qualifications")
    assert (waiting.state, counts_of(waiting)) == (
        "checked",
        {"new": 2, "known": 0, "wrong": 4, "applied": 0},
    )
    assert set(ConductRecord.objects.values_list("state", flat=True)) == {"standing", "lifted"}
    claims = {"draft", "review", "returned", "cleared", "notice", "approved", "locked", "paid", "refused"}
    assert set(Claim.objects.values_list("state", flat=True)) == claims
    assert set(TalentPlan.objects.values_list("state", flat=True)) == {"draft", "in_force", "closed"}
    assert {plan.parent.organisation.tier for plan in TalentPlan.objects.exclude(parent=None)} == {
        "province",
        "county",
    }


def check_payers():
    """Where there is something to pay, one account builds and another one releases."""
    for place in ("天津市民政局（示例）", "荆州市民政局（示例）"):
        standing = RoleAssignment.objects.in_force(timezone.localdate()).filter(role="finance")
        payers = [held.user for held in standing.filter(organisation__name=place).select_related("user")]
        assert len(payers) == 2, place
        policies = payable_policies(payers[0])
        assert set(policies) == set(payable_policies(payers[1]))
        assert Claim.objects.filter(version__subsidy__in=policies, state__in=("approved", "locked")).exists()
    for batch in PaymentBatch.objects.filter(state="locked"):
        assert who_releases(batch), batch
    for reversal in PaymentReversal.objects.filter(state="recorded"):
        assert who_confirms(reversal), reversal


def check_payees(rows):
    """Somebody whose claim waits for payment can sign in, and what became of a claim took its days."""
    emails = {row["email"] for row in rows}
    assert Claim.objects.filter(state="approved", holder__email__in=emails).exists()
    settled = Claim.objects.filter(state__in=("approved", "locked", "paid", "refused"))
    for claim in settled.exclude(holder=None):
        moments = [entry.timestamp for entry in AuditEntry.objects.trail_of(claim)]
        assert timedelta(days=2) < max(moments) - min(moments) < timedelta(days=40), claim
    for batch in PaymentBatch.objects.filter(state="closed"):
        assert batch.built_at.date() < batch.released_at.date() < batch.closed_at.date()


def check_accounts(rows):
    assert {row["role"] for row in rows} == {
        "trainee", "supervisor", "instructor", "administrator", "finance", "auditor",
    }  # fmt: skip
    assert len({row["password"] for row in rows}) == 1
    for row in rows:
        client = Client()
        answer = client.post(reverse("account_login"), {"login": row["email"], "password": row["password"]})
        assert (answer.status_code, answer.url) == (302, "/dashboard/")
        assert client.get("/dashboard/").status_code == 200
    assert not Job.objects.filter(state="failed").exists()
