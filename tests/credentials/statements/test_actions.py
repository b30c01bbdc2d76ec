"""An hours statement: frozen facts, one a day, superseded when an entry it lists is taken back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.models import Person
from credentials.hours.actions import correct_hours, credit_attendance
from credentials.models import HoursStatement
from credentials.statements.actions import StatementRefused, issue_statement
from credentials.statements.queries import issuer_words, look_up_statement
from tests.core.pdf.reading import text_of
from tests.credentials.statements.conftest import content_of, issued
from tests.factories import make_cohort, make_enrolment, make_period, make_settled


def test_asked_twice_on_one_day_it_is_the_same_paper(entry, cast, tree):
    first = issued(cast)
    assert issued(cast) == first
    other = make_settled(make_enrolment(make_cohort(tree["district"]), cast.trainee.person), attendance_id=9)
    times = {"starts_at": other.starts_at + timedelta(hours=4), "ends_at": other.ends_at + timedelta(hours=4)}
    credit_attendance(
        event=make_settled(
            make_enrolment(make_cohort(tree["district"]), cast.trainee.person), attendance_id=9, **times
        )
    )
    assert issued(cast) != first
    assert look_up_statement(first.code).verdict == "genuine"  # later hours make nothing false


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_the_database_refuses_to_change_one(entry, cast, statement):
    issued(cast)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("credentials_hoursstatement"))


def test_after_a_correction_it_is_superseded(entry, cast):
    statement = issued(cast)
    correct_hours(entry=entry, reason="误签", actor=cast.administrator)
    answer = look_up_statement(statement.code)
    assert (answer.verdict, answer.corrected) == ("superseded", 1)
    with pytest.raises(StatementRefused):
        issued(cast)


def test_what_cannot_be_stated_is_refused_with_a_sentence(entry, cast):
    today = timezone.localdate()
    for first, last in (
        (today, today - timedelta(days=1)),
        (today + timedelta(days=5), today + timedelta(days=9)),
    ):
        with pytest.raises(StatementRefused):
            issue_statement(person=cast.trainee.person, first_on=first, last_on=last, actor=cast.trainee)
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王ཀ")
    with pytest.raises(StatementRefused, match="ཀ"):
        issued(cast)
    assert not HoursStatement.objects.exists()


def test_nobody_chooses_who_stands_below_it(entry, cast, tree, tmp_path):
    """Whatever the person calls their employer: the paper names who credited the hours, and who asked for it."""
    for employer in (tree["province"], None):
        Person.objects.filter(pk=cast.trainee.person.pk).update(employer=employer)
        statement = issued(cast, days=30 if employer else 31)
        assert (statement.facts["issuer"], statement.facts["asked_by"]) == ("和平区指导中心", "林小荷")
    text = "".join(text_of(content_of(statement), tmp_path).split())
    assert "学时认定单位：和平区指导中心" in text and "应本人（林小荷）申请" in text
    assert "示例省民政厅" not in text
    Person.objects.filter(pk=cast.trainee.person.pk).update(employer=tree["station"])
    other = issued(cast, actor=cast.administrator)
    assert "应单于明申请" in "".join(text_of(content_of(other), tmp_path).split())


def test_of_many_organisations_three_are_named():
    assert issuer_words(["甲", "乙"]) == "甲、乙"
    assert issuer_words(list("甲乙丙丁")) == "甲、乙、丙等 4 家单位"


def test_the_level_stands_on_a_statement_of_a_verified_period(entry, cast):
    period = make_period(cast.trainee.person)
    statement = issue_statement(
        person=cast.trainee.person,
        first_on=period.starts_on,
        last_on=timezone.localdate(),
        actor=cast.trainee,
    )
    assert statement.facts["target"] == "72"


def test_no_statement_reaches_into_the_future(entry, cast):
    today = timezone.localdate()
    with pytest.raises(StatementRefused, match="今天"):
        issue_statement(
            person=cast.trainee.person,
            first_on=today,
            last_on=today + timedelta(days=1),
            actor=cast.trainee,
        )
