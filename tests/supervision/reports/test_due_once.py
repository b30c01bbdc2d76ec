"""In whatever order statements, corrections and confirmations come, what stands for a supervisor and a month is due once.

By hand: 欧阳若水 held three sessions of 60 minutes in the first of three months ("then"). Each is confirmed at its own time. By
the month that is 80.00 yuan once, by the session 200.00 yuan each, 600.00 in all. 另一人 had one confirmed session then from the
beginning, and so the district can always state that month.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from supervision.models import AllowanceLine, AllowanceStatement, Designation
from supervision.reports.actions import ReportRefused, correct_statement, issue_statement
from supervision.sessions.actions import confirm_session
from tests.factories import make_allowance_rate, make_pairing, make_session, make_supervisor, make_user


def before(month):
    return (month - timedelta(days=1)).replace(day=1)


NOW = before(timezone.localdate().replace(day=1))
MONTHS = {"now": NOW, "mid": before(NOW), "then": before(before(NOW))}


def ago(day):
    return (timezone.localdate() - MONTHS["then"].replace(day=day)).days


@pytest.fixture
def waiting(pair, cast, tree):
    """Three sessions that wait for their confirmation, in a month of which another supervisor has a confirmed one."""
    other = make_supervisor(make_user("另一人", tree["agency"]), tree["agency"], code="SV777")
    for supervisor in (pair.supervisor, other):
        Designation.objects.create(
            supervisor=supervisor, tier="junior", issuer="协会", starts_on=date(2020, 1, 1)
        )
    make_session(make_pairing(other, cast.other_trainee.person), "confirmed", days_ago=ago(8))
    return [make_session(pair.pairing, days_ago=ago(day)) for day in (9, 10, 11)]


def standing(pair):
    rows = AllowanceLine.objects.filter(
        supervisor=pair.supervisor, month=MONTHS["then"], statement__corrected_by=None
    )
    return sum(row.sessions for row in rows), sum((row.amount for row in rows), Decimal(0))


def statement_of_nobody(place, actor):
    return AllowanceStatement.objects.create(
        organisation=place,
        month=MONTHS["mid"],
        facts={},
        sha256="",
        total=0,
        issued_by=actor,
        issued_at=timezone.now(),
    )


SEQUENCES = {
    "a correction after the next statement": [
        "district then", "confirm", "district mid", "confirm", "correct district then", "confirm",
    ],
    "the statement of the city after the next statement of the district": [
        "district then", "confirm", "district mid", "confirm", "city then", "confirm",
    ],
    "the city in between, and its correction": [
        "confirm", "agency then", "confirm", "city then", "confirm", "correct city then",
    ],
    "the correction below after the city has put it right": [
        "confirm", "agency then", "confirm", "city then", "confirm", "correct agency then",
    ],
    "two corrections of the city": [
        "confirm", "agency then", "confirm", "city then", "correct city then", "confirm", "correct city then",
    ],
    "corrections of a later month": [
        "district then", "confirm", "district mid", "confirm", "correct district mid", "confirm",
        "correct district mid", "city mid",
    ],
    "everything is corrected": [
        "confirm", "district then", "correct district then", "confirm", "city mid", "correct district then",
        "confirm", "correct city mid", "city then",
    ],
    "a later month first": [
        "confirm", "district mid", "confirm", "city then", "district then", "confirm", "correct city then",
    ],
    "the city first, then the district": [
        "city then", "confirm", "district then", "confirm", "correct city then", "agency then", "confirm",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("per", "each", "most", "whole"), [("month", "80.00", 1, "80.00"), ("session", "200.00", 3, "600.00")]
)
@pytest.mark.parametrize("name", SEQUENCES)
def test_what_stands_is_what_is_due_once(waiting, pair, cast, tree, name, per, each, most, whole):
    make_allowance_rate(tree["city"], per=per, amount=each, starts_on=date(2020, 1, 1))
    actors = {"city": cast.city_administrator}
    left = list(waiting)
    for step in [*SEQUENCES[name], "city now"]:
        *is_correction, place, month = ["", ""] if step == "confirm" else step.split()
        actor = actors.get(place, cast.administrator)
        try:
            if step == "confirm":
                confirm_session(session=left.pop(0), actor=cast.trainee)
            elif is_correction:
                last = AllowanceStatement.objects.current().get(organisation=tree[place], month=MONTHS[month])
                correct_statement(statement=last, actor=actor, reason="补")
            else:
                issue_statement(organisation=tree[place], month=MONTHS[month], actor=actor)
        except (ReportRefused, AllowanceStatement.DoesNotExist):
            pass  # what is refused changes nothing
        sessions, amount = standing(pair)
        assert amount == min(sessions, most) * Decimal(each), step
    assert standing(pair) == (3, Decimal(whole))


def test_a_correction_is_refused_when_anybody_of_the_tree_was_put_right_since(waiting, pair, cast, tree):
    make_allowance_rate(tree["city"], per="month", amount="80.00", starts_on=date(2020, 1, 1))
    first = issue_statement(organisation=tree["district"], month=MONTHS["then"], actor=cast.administrator)
    confirm_session(session=waiting[0], actor=cast.trainee)
    issue_statement(organisation=tree["district"], month=MONTHS["mid"], actor=cast.administrator)
    confirm_session(session=waiting[1], actor=cast.trainee)
    with pytest.raises(ReportRefused, match=r"put this month right|更正"):
        correct_statement(statement=first, actor=cast.administrator, reason="补")
    second = issue_statement(organisation=tree["city"], month=MONTHS["then"], actor=cast.city_administrator)
    rows = second.lines.values_list("month", "number", "sessions", "amount")
    assert list(rows) == [(MONTHS["then"], 2, 1, Decimal("0.00"))]


def test_an_amount_that_was_given_twice_is_taken_back_by_the_next_statement(waiting, pair, cast, tree):
    """As such lines are there from before: two current ones of 80.00 for one month."""
    rate = make_allowance_rate(tree["city"], per="month", amount="80.00", starts_on=date(2020, 1, 1))
    confirm_session(session=waiting[0], actor=cast.trainee)
    first = issue_statement(organisation=tree["district"], month=MONTHS["then"], actor=cast.administrator)
    AllowanceLine.objects.create(
        statement=statement_of_nobody(tree["city"], cast.city_administrator),
        supervisor=pair.supervisor,
        month=MONTHS["then"],
        number=1,
        tier="junior",
        rate=rate,
        sessions=0,
        minutes=0,
        amount="80.00",
    )
    assert first.lines.count() == 2
    issue_statement(organisation=tree["district"], month=MONTHS["now"], actor=cast.administrator)
    assert standing(pair) == (1, Decimal("80.00"))
