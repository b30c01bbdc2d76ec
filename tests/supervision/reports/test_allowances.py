"""An allowance statement is issued once a month, rests on the tier and the rate in force then, and is corrected by another."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.models import AuditEntry
from supervision.models import (
    AllowanceLine,
    AllowanceRate,
    AllowanceStatement,
    Designation,
    Gathering,
    Supervisor,
)
from supervision.reports import actions
from supervision.reports.actions import ReportRefused
from supervision.reports.queries import dues_of, hash_of, portfolio_of, statement_paper
from supervision.reports.queries.papers import sheets_of
from tests.core.pdf.reading import text_of
from tests.factories import (
    make_allowance_rate,
    make_allowance_statement,
    make_circle,
    make_gathering,
    make_pairing,
    make_part,
    make_session,
    make_supervisor,
    make_user,
)


@pytest.fixture
def last_month():
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def days_ago(month, day):
    return (timezone.localdate() - month.replace(day=day)).days


@pytest.fixture
def worked(pair, tree, last_month):
    """A junior supervisor of the agency with two confirmed sessions of last month and one that waits."""
    Designation.objects.create(
        supervisor=pair.supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1)
    )
    make_allowance_rate(tree["city"])
    for day, state in ((3, "confirmed"), (4, "confirmed"), (5, "logged")):
        make_session(pair.pairing, state, days_ago=days_ago(last_month, day), minutes=90)
    return pair


def due(place, month):
    return [
        (row.supervisor.code, row.tier, row.sessions, row.minutes, str(row.amount))
        for row in dues_of(place, month)
    ]


def test_the_rate_of_the_nearest_place_and_the_tier_in_force_hold(worked, tree, last_month):
    assert due(tree["district"], last_month) == [("SV001", "junior", 2, 180, "400.00")]
    make_allowance_rate(tree["district"], per="hour", amount="100.00")
    assert due(tree["district"], last_month) == [("SV001", "junior", 2, 180, "300.00")]
    make_allowance_rate(tree["district"], per="month", amount="80.00", starts_on=last_month.replace(day=20))
    assert due(tree["district"], last_month)[0][4] == "80.00"
    make_allowance_rate(tree["district"], "senior", amount="999.00")
    Designation.objects.create(
        supervisor=worked.supervisor, tier="senior", issuer="协会", starts_on=timezone.localdate()
    )
    assert due(tree["district"], last_month)[0][1] == "junior"  # the senior tier began after the month


def test_without_a_designation_or_a_rate_nothing_is_due(worked, tree, last_month):
    Designation.objects.update(ends_on=last_month - timedelta(days=40))
    assert due(tree["district"], last_month) == [("SV001", "", 2, 180, "0.00")]


def test_it_is_issued_once_and_frozen(worked, tree, cast, last_month):
    statement = make_allowance_statement(tree["district"], cast.administrator)
    assert (statement.total, statement.facts["capitals"]) == (Decimal("400.00"), "肆佰元整")
    statement.refresh_from_db()
    assert hash_of(statement.facts) == statement.sha256
    with pytest.raises(ReportRefused):
        make_allowance_statement(tree["district"], cast.administrator)
    before = actions.printed(statement_paper(statement))
    make_allowance_rate(tree["district"], amount="1.00")
    worked.supervisor.person.name = "改名"
    worked.supervisor.person.save()
    assert actions.printed(statement_paper(AllowanceStatement.objects.get())) == before
    for act in (
        lambda: AllowanceStatement.objects.update(total=1),
        lambda: AllowanceLine.objects.update(amount=1),
        lambda: AllowanceRate.objects.update(amount=1),
        AllowanceLine.objects.all().delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_database_knows_one_statement_a_month_and_one_line_a_supervisor(worked, tree, cast, last_month):
    statement = make_allowance_statement(tree["district"], cast.administrator)
    kept = {"month": last_month, "facts": {}, "sha256": "", "total": 0, "issued_by": cast.administrator}
    with pytest.raises(IntegrityError), transaction.atomic():
        AllowanceStatement.objects.create(organisation=tree["district"], issued_at=timezone.now(), **kept)
    city = AllowanceStatement.objects.create(organisation=tree["city"], issued_at=timezone.now(), **kept)
    line = statement.lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AllowanceLine.objects.create(
            statement=city, supervisor=line.supervisor, month=last_month, sessions=1, minutes=1, amount=1
        )


def test_whoever_stands_on_a_statement_below_is_left_out_above(worked, tree, cast, last_month):
    make_allowance_statement(tree["agency"], cast.administrator)
    assert due(tree["city"], last_month) == []
    with pytest.raises(ReportRefused):
        make_allowance_statement(tree["city"], cast.city_administrator)


def test_a_running_month_waits_and_nobody_states_their_own(worked, tree, cast, last_month):
    with pytest.raises(ReportRefused):
        actions.issue_statement(
            organisation=tree["district"], month=timezone.localdate(), actor=cast.administrator
        )
    with pytest.raises(ReportRefused):
        make_allowance_statement(tree["district"], cast.supervisor)


def test_a_correction_is_another_row_and_is_itself_corrected(worked, tree, cast, last_month):
    first = make_allowance_statement(tree["district"], cast.administrator)
    make_session(worked.pairing, "confirmed", days_ago=days_ago(last_month, 9))
    with pytest.raises(ReportRefused):
        actions.correct_statement(statement=first, actor=cast.administrator, reason=" ")
    second = actions.correct_statement(statement=first, actor=cast.administrator, reason="补一次")
    assert (second.corrects, second.total, first.total) == (first, Decimal("600.00"), Decimal("400.00"))
    with pytest.raises(ReportRefused):
        actions.correct_statement(statement=first, actor=cast.administrator, reason="再补")
    third = actions.correct_statement(statement=second, actor=cast.administrator, reason="再核")
    assert third.total == Decimal("600.00")
    assert list(AllowanceStatement.objects.current()) == [third]


def test_the_paper_has_figures_capitals_and_text_cells(worked, tree, cast, tmp_path):
    statement = actions.issue_statement(
        organisation=tree["district"],
        month=(timezone.localdate().replace(day=1) - timedelta(days=1)),
        actor=cast.administrator,
        reviewed_by="解安",
    )
    paper = statement_paper(statement)
    text = text_of(actions.printed(paper), tmp_path)
    for words in (
        "督导津贴核定表",
        "肆佰元整",
        "400.00",
        "欧阳若水",
        "制表人：单于明",
        "审核人：解安",
        "SV001",
    ):
        assert words in text, words
    (sheet,) = sheets_of(paper)
    assert sheet.rows[0][2] == "SV001" and sheet.rows[0][9] == Decimal("400.00")


@pytest.mark.parametrize("number", [1, 12])
def test_the_month_costs_the_same_for_one_and_for_many(worked, tree, last_month, number):
    for _ in range(number):
        supervisor = make_supervisor(organisation=tree["agency"])
        pairing = make_pairing(supervisor, make_user("林一", tree["station"]).person)
        make_session(pairing, "confirmed", days_ago=days_ago(last_month, 7))
    with CaptureQueriesContext(connection) as seen:
        assert len(dues_of(tree["district"], last_month)) == number + 1
    assert len(seen) == 8


# --- The desk ---------------------------------------------------------------------------------------------


def asked(place, month, **more):
    return {"organisation": place.pk, "month": f"{month:%Y-%m}"} | more


def test_an_administrator_issues_it_takes_it_out_and_corrects_it(client, worked, tree, cast, last_month):
    client.force_login(cast.administrator)
    address = reverse("supervision_allowances:month")
    assert "肆佰元整" in client.get(address, asked(tree["district"], last_month)).text
    assert client.post(address, asked(tree["district"], last_month)).status_code == 302
    statement = AllowanceStatement.objects.get()
    again = client.post(address, asked(tree["district"], last_month))
    assert again.status_code == 200 and AllowanceStatement.objects.count() == 1
    for name in ("detail", "pdf", "xlsx"):
        found = client.get(reverse(f"supervision_allowances:{name}", args=[statement.pk]))
        assert found.status_code == 200
    taken = AuditEntry.objects.filter(action="supervision.export_statement", user=cast.administrator)
    assert taken.count() == 2 and set(taken.values_list("target_id", flat=True)) == {str(statement.pk)}
    sheet = load_workbook(io.BytesIO(found.content)).worksheets[0]
    assert any(cell.value == "SV001" for row in sheet.iter_rows() for cell in row)
    correct = reverse("supervision_allowances:correct", args=[statement.pk])
    assert client.get(correct).status_code == 405
    assert client.post(correct, {"reason": ""}).status_code == 422
    assert client.post(correct, {"reason": "重算"}).status_code == 302
    assert client.get(reverse("supervision_allowances:index")).status_code == 200
    assert AllowanceStatement.objects.count() == 2


def test_who_reads_and_who_issues(client, worked, tree, cast, last_month):
    statement = make_allowance_statement(tree["district"], cast.administrator)
    detail = reverse("supervision_allowances:detail", args=[statement.pk])
    address, rates = reverse("supervision_allowances:month"), reverse("supervision_allowances:rates")
    for part in ("auditor", "finance"):
        client.force_login(getattr(cast, part))
        assert client.get(detail).status_code == 200, part
        assert client.get(rates).status_code == 200, part
        assert client.post(address, asked(tree["district"], last_month)).status_code == 404, part
        assert client.post(rates, {}).status_code == 404, part
        assert client.post(detail + "correct/", {"reason": "改"}).status_code == 404, part
    client.force_login(cast.outsider)
    assert client.get(detail).status_code == 404
    for part in ("trainee", "supervisor", "instructor"):
        client.force_login(getattr(cast, part))
        assert client.get(detail).status_code in (302, 403, 404)
    client.force_login(cast.supervisor)
    assert "400" in client.get(reverse("supervision:portfolio")).text  # one's own, on one's own page


@pytest.mark.parametrize(
    "bad",
    [{}, {"amount": "-1"}, {"amount": "9" * 40}, {"amount": "\0"}, {"starts_on": "x"}, {"tier": "king"}],
)
def test_rates_are_set_and_bad_ones_are_told(client, tree, cast, bad):
    client.force_login(cast.administrator)
    rate = {
        "organisation": tree["district"].pk,
        "tier": "junior",
        "per": "session",
        "amount": "150.00",
        "starts_on": "2026-01-01",
        "source": "通知",
    }
    address = reverse("supervision_allowances:rates")
    answer = client.post(address, rate | bad)
    assert answer.status_code == (200 if bad else 302)
    assert AllowanceRate.objects.count() == (0 if bad else 1)
    if not bad:
        assert client.post(address, rate).status_code == 200  # the same day again
        assert AllowanceRate.objects.count() == 1


# --- The portfolio ----------------------------------------------------------------------------------------


def test_the_portfolio_shows_what_was_done_and_prints_it(client, worked, cast, tmp_path):
    client.force_login(cast.supervisor)
    page = client.get(reverse("supervision:portfolio"))
    assert page.status_code == 200 and "3.0" in page.text
    paper = client.get(reverse("supervision:portfolio-pdf"))
    text = text_of(paper.content, tmp_path)
    for words in ("督导履职档案", "欧阳若水", "初级督导", "3.0"):
        assert words in text, words


def test_the_portfolio_counts_the_gatherings_that_were_led(client, worked, cast, tmp_path):
    """By hand: two sessions of 90 minutes one to one; a group of 90 minutes, in which two took part, once; a peer circle of
    60 minutes as whose turn it was; 45 minutes received in a group of somebody else."""
    people = [cast.trainee.person, cast.other_trainee.person]
    group = make_circle(worked.supervisor, *people)
    held = make_gathering(group, days_ago=3)
    for person in people:
        make_part(held, person, "confirmed", 60)
    peer = make_gathering(make_circle(cast.supervisor.person, people[0]), days_ago=4, minutes=60)
    make_part(peer, people[0], "confirmed", 60)
    waits = make_gathering(group, days_ago=5)
    make_part(waits, people[0])
    other = make_gathering(
        make_circle(make_supervisor(organisation=worked.supervisor.organisation)), days_ago=6
    )
    make_part(other, cast.supervisor.person, "confirmed", 45)
    Gathering.objects.filter(pk__in=[held.pk, peer.pk, other.pk]).update(counted_at=timezone.now())
    today = timezone.localdate()
    found = portfolio_of(worked.supervisor, today - timedelta(days=365), today)
    assert (found.sessions, found.gatherings, found.people, found.received_minutes) == (2, 2, 2, 45)
    by_form: dict[str, int] = {}
    for (_year, form), minutes in found.minutes.items():
        by_form[form] = by_form.get(form, 0) + minutes
    assert by_form == {"individual": 180, "group": 90, "peer": 60}
    client.force_login(cast.supervisor)
    paper = client.get(reverse("supervision:portfolio-pdf"))
    assert "带领集体督导 2 次，参加 2 人" in text_of(paper.content, tmp_path).replace("\n", "")


@pytest.mark.parametrize(
    "bad", [{"first_on": "x"}, {"first_on": "2026-02-01", "last_on": "2025-01-01"}, {"last_on": "\0"}]
)
def test_a_portfolio_of_no_period_is_told(client, worked, cast, bad):
    client.force_login(cast.supervisor)
    assert client.get(reverse("supervision:portfolio"), bad).status_code == 200
    assert client.get(reverse("supervision:portfolio-pdf"), bad).status_code == 302


def test_who_is_no_supervisor_has_no_portfolio(client, worked, cast):
    for part in ("trainee", "administrator"):
        client.force_login(getattr(cast, part))
        assert client.get(reverse("supervision:portfolio")).status_code == 404
        assert client.get(reverse("supervision:portfolio-pdf")).status_code == 404
    assert Supervisor.objects.exists()
