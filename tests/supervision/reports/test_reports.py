"""A month or a year of a tree is counted the same way for one and for many, frozen at issue, and never says a word of a pair."""

import io
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.jobs.actions import run_job
from core.models import AuditEntry, Job, Notice, Organisation, RoleAssignment
from supervision.models import Session, SessionRemark, SupervisionReport
from supervision.reports import actions
from supervision.reports.actions import ReportRefused
from supervision.reports.queries import Period, figures_of, hash_of, report_paper
from tests.core.pdf.reading import text_of
from tests.factories import (
    make_agreement,
    make_organisation,
    make_pairing,
    make_report,
    make_result,
    make_session,
    make_supervisor,
    make_user,
)

MARKER = "金丝雀谈话canary5512"


@pytest.fixture
def month(pair, cast, tree):
    """Two confirmed sessions and one that waits, all of last month; a second pair without anything."""
    first = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    back = (timezone.localdate() - first).days
    for days, state in ((back, "confirmed"), (back - 1, "confirmed"), (back - 2, "logged")):
        session = make_session(pair.pairing, state, days_ago=days, minutes=90, topics=MARKER)
        Session.objects.filter(pk=session.pk, state="logged").update(
            logged_at=timezone.now() - timedelta(days=20)
        )
    SessionRemark.objects.create(session=session, author=cast.trainee.person, kind="dispute", text=MARKER)
    make_pairing(make_supervisor(organisation=tree["other_station"]), cast.outside_trainee.person)
    return Period("month", first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def total(place, period):
    return figures_of(Organisation.objects.get(pk=place.pk), period).total


def test_what_is_counted(month, pair, tree):
    found = total(tree["district"], month)
    assert (found["sessions"], found["confirmed"], found["minutes"]) == (3, 2, 180)
    assert (found["form:individual"], found["mode:private"]) == (180, 180)
    assert (found["share:educational"], found["share:supportive"]) == (90, 90)
    assert (found["pairings"], found["covered"], found["objected"]) == (1, 1, 1)
    assert (found["late"], found["no_agreement"]) == (1, 1)
    assert str(found.objections) == "33.3"
    make_agreement(pair.pairing, "accepted")
    assert total(tree["district"], month)["no_agreement"] == 0


def test_the_city_has_a_row_for_each_district_and_their_sum(month, tree):
    figures = figures_of(Organisation.objects.get(pk=tree["city"].pk), month)
    by_name = {row.name: row for row in figures.rows}
    assert by_name["和平区指导中心"]["sessions"] == 3
    assert by_name["河东区指导中心"]["pairings"] == 1
    assert figures.total["pairings"] == 2
    assert figures.trend[-1] == (month.first_on, 180)
    assert len(figures.trend) == 12


def test_only_published_averages_are_in_it(month, pair, tree):
    make_result(pair.supervisor, last_on=month.last_on, first_on=month.first_on)
    found = total(tree["district"], month)
    assert (str(found.quality), found.rated) == ("4.0", ((5, found.quality),))


@pytest.mark.parametrize("number", [1, 12])
def test_the_figures_cost_the_same_for_one_child_and_for_many(month, tree, number):
    for each in range(number):
        place = make_organisation(f"示例{each}站", tree["district"])
        pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
        make_session(pairing, "confirmed")
    place = Organisation.objects.get(pk=tree["district"].pk)
    with CaptureQueriesContext(connection) as seen:
        figures_of(place, month)
    assert len(seen) == 16


def test_a_report_is_frozen_and_a_later_one_does_not_change_it(month, pair, tree, cast):
    report = make_report(tree["district"], cast.administrator, reviewed_by="解安")
    kept = SupervisionReport.objects.get()
    before = actions.printed(report_paper(kept))
    assert hash_of(kept.facts) == kept.sha256 == report.sha256
    back = (timezone.localdate() - month.first_on).days
    make_session(pair.pairing, "confirmed", days_ago=back - 4)
    pair.mentee.name = "改名"
    pair.mentee.save()
    again = make_report(tree["district"], cast.administrator)
    kept.refresh_from_db()
    assert (again.number, kept.facts["total"]["sessions"], again.facts["total"]["sessions"]) == (2, 3, 4)
    assert actions.printed(report_paper(kept)) == before
    for act in (
        SupervisionReport.objects.filter(pk=kept.pk).delete,
        lambda: SupervisionReport.objects.update(number=9),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert AuditEntry.objects.filter(action="supervision.issue_report").count() == 2


def test_the_paper_names_unit_period_who_prepared_and_who_reviewed(month, tree, cast, tmp_path):
    report = make_report(tree["district"], cast.administrator, reviewed_by="解安")
    text = text_of(actions.printed(report_paper(report)), tmp_path)
    for words in ("督导工作月报", "和平区指导中心", "制表人：单于明", "审核人：解安", "第 1 页", "合计"):
        assert words in text, words


def test_a_period_to_come_is_refused(tree, cast):
    with pytest.raises(ReportRefused):
        make_report(tree["district"], cast.administrator, first_on=timezone.localdate() + timedelta(days=62))


def test_a_large_one_is_a_job_and_issued_once(month, tree, cast, monkeypatch):
    monkeypatch.setattr("supervision.reports.actions.reports.LARGE", 1)
    asked = {"organisation": tree["district"], "span": "month", "first_on": month.first_on}
    job = actions.start_report(actor=cast.administrator, **asked)
    assert isinstance(job, Job) and actions.start_report(actor=cast.administrator, **asked) == job
    run_job(job.pk)
    assert SupervisionReport.objects.count() == 1
    Job.objects.filter(pk=job.pk).update(state="queued")  # the worker died after issuing
    run_job(job.pk)
    job.refresh_from_db()
    report = SupervisionReport.objects.get()
    assert (job.state, job.result_file.endswith(".pdf")) == ("done", True)
    told = Notice.objects.get(user=cast.administrator, kind="supervision.report")
    assert told.url == reverse("supervision_reports:detail", args=[report.pk])


def test_a_large_one_is_not_issued_for_whose_role_has_ended(month, tree, cast, monkeypatch):
    monkeypatch.setattr("supervision.reports.actions.reports.LARGE", 1)
    job = actions.start_report(
        actor=cast.administrator, organisation=tree["district"], span="month", first_on=month.first_on
    )
    RoleAssignment.objects.filter(user=cast.administrator).update(role="auditor")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and "权限已经结束" in job.failures.get().reason
    assert not SupervisionReport.objects.exists()


# --- The desk ---------------------------------------------------------------------------------------------


def asked(place, period, **more):
    return {
        "organisation": place.pk,
        "span": "month",
        "first_on": f"{period.first_on:%Y-%m}",
        "confirm_within": 7,
    } | more


def test_an_administrator_looks_issues_and_takes_it_out(client, month, tree, cast):
    client.force_login(cast.administrator)
    look = reverse("supervision_reports:look")
    page = client.get(look, asked(tree["district"], month))
    assert page.status_code == 200 and "180" not in page.text and "3.0" in page.text
    answer = client.post(look, asked(tree["district"], month, reviewed_by="解安"))
    report = SupervisionReport.objects.get()
    assert answer.url == reverse("supervision_reports:detail", args=[report.pk])
    assert MARKER not in json.dumps(report.facts, ensure_ascii=False)
    for name in ("detail", "pdf", "xlsx"):
        found = client.get(reverse(f"supervision_reports:{name}", args=[report.pk]))
        assert found.status_code == 200 and MARKER.encode() not in found.content
    sheet = load_workbook(io.BytesIO(found.content)).worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "单位：和平区指导中心" in cells and "审核人：解安" in cells and 3 in cells
    assert client.get(reverse("supervision_reports:index")).status_code == 200


def test_the_lists_behind_it_are_narrowed_to_the_tree(client, month, tree, cast):
    client.force_login(cast.city_administrator)
    for name in ("sessions", "pairings"):
        rows = client.get(reverse(f"{name}:index"), {"organisation": tree["other_district"].pk})
        assert rows.status_code == 200
        assert (str(cast.trainee.person) in rows.text) is False
    bare = client.get(reverse("pairings:index"), {"organisation": tree["district"].pk, "bare": "true"})
    assert str(cast.trainee.person) in bare.text


def test_who_may_read_and_who_may_issue(client, month, tree, cast):
    report = make_report(tree["district"], cast.administrator)
    look, detail = (
        reverse("supervision_reports:look"),
        reverse("supervision_reports:detail", args=[report.pk]),
    )
    client.force_login(cast.auditor)
    assert client.get(look, asked(tree["district"], month)).status_code == 200
    assert client.get(detail).status_code == 200
    assert client.post(look, asked(tree["district"], month)).status_code == 404
    client.force_login(cast.outsider)
    assert client.get(detail).status_code == 404
    assert "table" not in client.get(look, asked(tree["district"], month)).context  # not a place of theirs
    for part in ("trainee", "supervisor", "finance", "instructor"):
        client.force_login(getattr(cast, part))
        assert client.get(look).status_code in (302, 403, 404), part
        assert client.get(detail).status_code in (302, 403, 404), part
    assert SupervisionReport.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"first_on": "2026-13"},
        {"first_on": "9999-12"},
        {"first_on": "\0"},
        {"organisation": "9" * 30},
        {"span": "century"},
        {"confirm_within": "9" * 40},
        {"reviewed_by": "\0"},
    ],
)
def test_bad_input_is_told(client, month, tree, cast, bad):
    client.force_login(cast.administrator)
    look = reverse("supervision_reports:look")
    for answer in (
        client.get(look, asked(tree["district"], month) | bad),
        client.post(look, asked(tree["district"], month) | bad),
    ):
        assert answer.status_code == 200
    assert not SupervisionReport.objects.exists()


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_of_reports_costs_the_same_for_one_and_for_many(client, month, tree, cast, number):
    for _ in range(number):
        make_report(tree["district"], cast.administrator)
    client.force_login(cast.administrator)
    client.get(reverse("supervision_reports:index"))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse("supervision_reports:index")).status_code == 200
    assert len(seen) == 9
