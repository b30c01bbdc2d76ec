"""What was held is paid for once, under one month, whatever is amended later; differences stand on the next statement.

Worked out by hand. Supervisor 欧阳若水 (SV001, junior) is given 200 yuan a session. Two months ago ("then"): two confirmed
sessions of 60 minutes, stated with 2 · 120 minutes · 400.00. Last month ("now"): one of 60 minutes.
"""

import io
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from supervision.models import (
    AllowanceCount,
    AllowanceLine,
    AllowanceRate,
    Designation,
    Gathering,
    Session,
    SessionAmendment,
)
from supervision.reports.actions import ReportRefused, correct_statement, issue_statement, printed
from supervision.reports.queries import dues_of, statement_paper
from tests.core.pdf.reading import text_of
from tests.factories import (
    make_allowance_rate,
    make_allowance_statement,
    make_amendment,
    make_circle,
    make_gathering,
    make_part,
    make_session,
)

MARKER = "金丝雀谈话canary4410"


def before(month):
    return (month - timedelta(days=1)).replace(day=1)


def ago(month, day):
    return (timezone.localdate() - month.replace(day=day)).days


def amended(session, *, month=None, day=None, minutes=60):
    """The session as an accepted amendment says that it was."""
    starts_at = session.starts_at
    if month is not None:
        starts_at += timezone.timedelta(days=(month.replace(day=day) - session.held_on).days)
    ends_at = starts_at + timedelta(minutes=minutes)
    row = make_amendment(session, minutes, starts_at=starts_at, ends_at=ends_at)
    SessionAmendment.objects.filter(pk=row.pk).update(state="accepted", answered_at=timezone.now())
    changes = {"starts_at": starts_at, "ends_at": ends_at, "minutes": minutes}
    Session.objects.filter(pk=session.pk).update(revision=row.number, **changes)


def lines(statement):
    rows = statement.lines.order_by("pk")
    return [(row.month, row.number, row.sessions, row.minutes, str(row.amount)) for row in rows]


@pytest.fixture
def stated(pair, cast, tree):
    now = before(timezone.localdate().replace(day=1))
    then = before(now)
    Designation.objects.create(
        supervisor=pair.supervisor, tier="junior", issuer="协会", starts_on=date(2020, 1, 1)
    )
    rate = make_allowance_rate(tree["city"], starts_on=date(2020, 1, 1))
    first, second = (
        make_session(pair.pairing, "confirmed", days_ago=ago(then, day), topics=MARKER) for day in (3, 4)
    )

    def issue(month, place="district", officer=cast.administrator):
        return issue_statement(organisation=tree[place], month=month, actor=officer)

    statement = issue(then)
    assert lines(statement) == [(then, 0, 2, 120, "400.00")]
    make_session(pair.pairing, "confirmed", days_ago=ago(now, 5), topics=MARKER)
    return SimpleNamespace(
        then=then, now=now, first=first, second=second, statement=statement, issue=issue, rate=rate
    )


def test_a_session_that_is_amended_into_the_next_month_is_not_paid_twice(stated):
    amended(stated.second, month=stated.now, day=9)
    assert lines(stated.issue(stated.now)) == [(stated.now, 0, 1, 60, "200.00")]
    assert AllowanceCount.objects.count() == 3
    assert list(AllowanceCount.objects.filter(session=stated.second).values_list("month", flat=True)) == [
        stated.then
    ]


def test_one_that_is_amended_back_into_a_month_that_was_stated_is_a_line_of_its_own(stated, pair):
    third = make_session(pair.pairing, "confirmed", days_ago=ago(stated.now, 6))
    amended(third, month=stated.then, day=20)
    assert lines(stated.issue(stated.now)) == [
        (stated.now, 0, 1, 60, "200.00"),
        (stated.then, 1, 1, 60, "200.00"),
    ]


def test_what_was_confirmed_after_the_statement_stands_on_the_next_one_once(stated, pair, tree):
    make_session(pair.pairing, "confirmed", days_ago=ago(stated.then, 21))
    found = lines(stated.issue(stated.now))
    assert found[1:] == [(stated.then, 1, 1, 60, "200.00")]
    assert dues_of(tree["city"], stated.now) == []


def test_another_length_is_a_difference_at_the_rate_of_its_month(stated, pair, tree):
    """150 yuan an hour since before: the first statement was by session, so it is by the rate of that statement that the
    minutes make no difference; and by the hour they do."""
    amended(stated.first, minutes=90)
    assert lines(stated.issue(stated.now))[1:] == [(stated.then, 1, 0, 30, "0.00")]


def test_by_the_hour_the_difference_may_be_less_than_nothing(pair, tree, cast):
    now = before(timezone.localdate().replace(day=1))
    then = before(now)
    Designation.objects.create(
        supervisor=pair.supervisor, tier="junior", issuer="协会", starts_on=date(2020, 1, 1)
    )
    make_allowance_rate(tree["city"], per="hour", amount="150.00", starts_on=date(2020, 1, 1))
    session = make_session(pair.pairing, "confirmed", days_ago=ago(then, 3), minutes=120)
    first = issue_statement(organisation=tree["district"], month=then, actor=cast.administrator)
    amended(session, minutes=40)
    second = issue_statement(organisation=tree["district"], month=now, actor=cast.administrator)
    assert (lines(first), first.total) == ([(then, 0, 1, 120, "300.00")], Decimal("300.00"))
    assert lines(second) == [(then, 1, 0, -80, "-200.00")]
    assert (second.total, second.facts["capitals"]) == (Decimal("-200.00"), "负贰佰元整")


def test_a_rate_that_is_set_later_changes_no_month_that_was_stated(stated, tree):
    AllowanceRate.objects.create(
        organisation=tree["agency"],
        tier="junior",
        per="session",
        amount=999,
        starts_on=stated.then,
        source="补",
    )
    assert lines(stated.issue(stated.now)) == [(stated.now, 0, 1, 60, "999.00")]


def test_gatherings_that_a_supervisor_led_are_due_once_each(stated, pair, cast):
    circle = make_circle(pair.supervisor, cast.trainee.person, cast.other_trainee.person)
    held, unconfirmed = (make_gathering(circle, days_ago=ago(stated.now, day)) for day in (7, 8))
    for person in (cast.trainee.person, cast.other_trainee.person):
        make_part(held, person, "confirmed", 60)
    make_part(unconfirmed, cast.trainee.person)
    Gathering.objects.filter(pk=held.pk).update(counted_at=timezone.now())
    peer = make_gathering(
        make_circle(cast.supervisor.person, cast.trainee.person), days_ago=ago(stated.now, 9)
    )
    make_part(peer, cast.trainee.person, "confirmed")
    Gathering.objects.filter(pk=peer.pk).update(counted_at=timezone.now())  # nobody is paid for a peer circle
    statement = stated.issue(stated.now)
    assert lines(statement) == [(stated.now, 0, 2, 60 + 90, "400.00")]
    assert statement.facts["lines"][0]["gatherings"] == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        AllowanceCount.objects.create(
            line=statement.lines.get(),
            supervisor=pair.supervisor,
            month=stated.now,
            gathering=held,
            minutes=90,
        )


def test_the_database_pays_a_session_once_and_keeps_what_was_counted(stated, pair):
    line = stated.statement.lines.get()
    kept = {"line": line, "supervisor": pair.supervisor, "month": stated.now, "minutes": 60}
    for act in (
        lambda: AllowanceCount.objects.create(session=stated.first, **kept),
        lambda: AllowanceCount.objects.create(**kept),
        lambda: AllowanceCount.objects.update(month=stated.now),
        AllowanceCount.objects.all().delete,
        lambda: AllowanceLine.objects.update(minutes=0),
        lambda: AllowanceLine.objects.create(
            statement=stated.statement,
            supervisor=pair.supervisor,
            month=stated.now,
            sessions=-1,
            minutes=0,
            amount=0,
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_correction_counts_the_month_again_until_a_later_statement_has_put_it_right(stated, pair, cast):
    make_session(pair.pairing, "confirmed", days_ago=ago(stated.then, 22))
    corrected = correct_statement(statement=stated.statement, actor=cast.administrator, reason="补一次")
    assert lines(corrected) == [(stated.then, 0, 3, 180, "600.00")]
    assert lines(stated.issue(stated.now)) == [(stated.now, 0, 1, 60, "200.00")]
    again = correct_statement(statement=corrected, actor=cast.administrator, reason="再核")
    assert lines(again) == [(stated.then, 0, 3, 180, "600.00")]


def test_what_the_next_statement_has_put_right_is_not_corrected_once_more(stated, pair, cast):
    make_session(pair.pairing, "confirmed", days_ago=ago(stated.then, 22))
    latest = stated.issue(stated.now)
    assert len(lines(latest)) == 2
    with pytest.raises(ReportRefused):
        correct_statement(statement=stated.statement, actor=cast.administrator, reason="补一次")
    corrected = correct_statement(statement=latest, actor=cast.administrator, reason="再核")
    assert [row[0:1] + row[2:] for row in lines(corrected)] == [row[0:1] + row[2:] for row in lines(latest)]


def test_on_one_day_one_rate_holds_at_a_place_for_a_tier(stated, tree):
    """A change is a new row from another day on; the database knows neither two of a day nor a changed one."""
    with pytest.raises(IntegrityError), transaction.atomic():
        make_allowance_rate(tree["city"], starts_on=date(2020, 1, 1), amount="1.00")
    with pytest.raises(DatabaseError), transaction.atomic():
        AllowanceRate.objects.filter(pk=stated.rate.pk).update(starts_on=date(2021, 1, 1))


def test_page_paper_and_workbook_say_for_which_month(client, stated, pair, cast, tree, tmp_path):
    make_session(pair.pairing, "confirmed", days_ago=ago(stated.then, 21), topics=MARKER)
    client.force_login(cast.administrator)
    asked = {"organisation": tree["district"].pk, "month": f"{stated.now:%Y-%m}"}
    page = client.get(reverse("supervision_allowances:month"), asked).text
    assert f"{stated.then:%Y-%m} · 更正" in page and MARKER not in page
    statement = stated.issue(stated.now)
    page = client.get(reverse("supervision_allowances:detail", args=[statement.pk])).text
    text = text_of(printed(statement_paper(statement)), tmp_path)
    content = client.get(reverse("supervision_allowances:xlsx", args=[statement.pk])).content
    cells = [cell.value for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    words = f"{stated.then.year}年{stated.then.month}月（更正）"
    assert f"{stated.then:%Y-%m} · 更正" in page
    assert words in text.replace("\n", "") and words in cells
    assert MARKER not in page and MARKER not in text and MARKER not in str(cells)
    client.force_login(cast.outsider)
    assert client.get(reverse("supervision_allowances:detail", args=[statement.pk])).status_code == 404


def test_what_was_stated_before_is_counted_when_the_tables_come(pair, tree, cast):
    """The migration: a line of a statement counts the sessions of its month that were confirmed by then, each once."""
    migration = import_module("supervision.migrations.0020_allowances")
    month = before(timezone.localdate().replace(day=1))
    sessions = [make_session(pair.pairing, "confirmed", days_ago=ago(month, day)) for day in (3, 4)]
    make_session(pair.pairing, "confirmed", days_ago=ago(before(month), 3))
    make_session(pair.pairing, days_ago=ago(month, 5))
    statement = make_allowance_statement(tree["district"], cast.administrator, is_empty=True)
    line = AllowanceLine.objects.create(
        statement=statement, supervisor=pair.supervisor, month=month, sessions=2, minutes=120, amount=0
    )
    make_session(pair.pairing, "confirmed", days_ago=ago(month, 6))  # confirmed after the statement
    for _again in range(2):
        migration.count_what_was_stated(apps, None)
    found = AllowanceCount.objects.order_by("session__starts_at").values_list("line", "month", "session")
    assert list(found) == [(line.pk, month, session.pk) for session in sessions]
