"""The ledger: every minute once, only ever added to, each entry with what it rests on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import Refused
from credentials.hours.actions import CannotCorrect, add_hours_rule, correct_hours, credit_course, rule_on
from credentials.hours.queries import evidence_of, totals_of
from credentials.models import HoursEntry, HoursRule
from lms.public import completion_told
from supervision.sessions import actions as sessions
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_pairing,
    make_session,
    make_supervisor,
    make_version,
)
from tests.lms.enrolments.test_concurrency import at_once

TODAY = timezone.localdate


@pytest.fixture
def entry(tree, cast):
    """Ninety minutes of a course."""
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "completed")
    credit_course(event=completion_told(enrolment.pk))
    return HoursEntry.objects.get()


@pytest.fixture
def session(tree, cast):
    """An hour of supervision that the trainee has confirmed."""
    pairing = make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)
    logged = make_session(pairing)
    return sessions.confirm_session(session=logged, actor=cast.trainee, revision=1)


# --- Append-only ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["credentials_hoursentry", "credentials_hoursrule"])
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET id = id", "UPDATE {} SET id = id + 1000"]
)
def test_the_database_refuses_to_change_or_delete_a_row(entry, table, statement):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert HoursEntry.objects.get() == entry


def test_the_model_cannot_either(entry):
    entry.minutes = 900
    for act in (entry.save, entry.delete, HoursEntry.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert HoursEntry.objects.get().minutes == 90


@pytest.mark.parametrize(
    "wrong", [{"minutes": 0}, {"minutes": -5}, {"kind": "dancing"}, {"source": "same"}], ids=str
)
def test_the_database_refuses_what_is_no_credit(entry, wrong):
    fields = {name: getattr(entry, name) for name in ("person", "organisation", "occurred_on", "title")}
    fields |= {"kind": "course", "minutes": 45, "source": "other:1"} | wrong
    if fields["source"] == "same":
        fields["source"] = entry.source
    with pytest.raises(IntegrityError), transaction.atomic():
        HoursEntry.objects.create(**fields)


# --- Once ----------------------------------------------------------------------------------------------------------


def test_the_same_completion_counts_once(entry):
    for _ in range(3):
        credit_course(event=completion_told(int(entry.source.partition(":")[2])))
    assert HoursEntry.objects.get() == entry
    assert AuditEntry.objects.get(action="credentials.credit").label == "社会工作实务 · 90 分钟"


def test_a_confirmed_session_counts_once_for_each_side(session, cast):
    rows = HoursEntry.objects.values_list("person", "kind", "minutes")
    assert set(rows) == {
        (cast.trainee.person.pk, "supervision", 60),
        (cast.supervisor.person.pk, "supervising", 60),
    }
    assert totals_of(cast.trainee.person).learned == Decimal("1.3")
    assert totals_of(cast.supervisor.person).learned == 0


def test_a_course_of_no_minutes_is_no_entry(tree, cast):
    cohort = make_cohort(tree["district"], make_version(minutes=0))
    credit_course(event=completion_told(make_enrolment(cohort, cast.trainee.person, "completed").pk))
    assert not HoursEntry.objects.exists()


# --- Correction ----------------------------------------------------------------------------------------------------


def test_a_correction_is_a_new_entry_and_the_old_one_stays(entry, cast):
    row = correct_hours(entry=entry, reason=" 重复计入 ", actor=cast.administrator)
    assert (row.minutes, row.corrects, row.kind, row.rule) == (-90, entry, "correction", entry.rule)
    assert row.evidence["reason"] == "重复计入"
    assert HoursEntry.objects.get(pk=entry.pk).minutes == 90
    assert totals_of(cast.trainee.person).learned == 0
    assert AuditEntry.objects.get(action="credentials.correct_hours").user == cast.administrator
    assert (
        Notice.objects.filter(user=cast.trainee, source=f"credentials.correct_hours:{entry.pk}").count() == 1
    )


def test_an_entry_is_corrected_once_and_a_correction_never(entry, cast):
    row = correct_hours(entry=entry, reason="重复计入", actor=cast.administrator)
    for again in (entry, HoursEntry.objects.get(pk=entry.pk), row):
        with pytest.raises(CannotCorrect):
            correct_hours(entry=again, reason="再来", actor=cast.administrator)
    with pytest.raises(ValueError, match="reason"):
        correct_hours(entry=entry, reason=" ", actor=cast.administrator)
    credit_course(event=completion_told(int(entry.source.partition(":")[2])))
    assert HoursEntry.objects.count() == 2


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_corrected_by_eight_clicks_at_once_it_is_taken_back_once(entry, cast):
    def click(_):
        try:
            correct_hours(
                entry=HoursEntry.objects.get(pk=entry.pk), reason="重复计入", actor=cast.administrator
            )
        except CannotCorrect:
            return 0
        return 1

    assert sum(at_once(click, range(8))) == 1
    assert HoursEntry.objects.count() == 2


# --- Evidence ------------------------------------------------------------------------------------------------------


def test_an_entry_of_a_course_rests_on_its_enrolment_and_so_does_its_correction(entry, cast):
    row = correct_hours(entry=entry, reason="重复计入", actor=cast.administrator)
    for each in (entry, row):
        found = evidence_of(each, cast.trainee)
        assert (found.person_id, found.minutes) == (cast.trainee.person.pk, 90)


def test_both_entries_of_a_session_rest_on_it(session):
    for each in HoursEntry.objects.all():
        assert evidence_of(each, AnonymousUser()).session_id == session.pk


@pytest.mark.parametrize(
    "source", ["lms.enrolment:999999", "old.register:5", "lms.enrolment:x", "nothing", ":"]
)
def test_what_is_not_known_any_more_is_none(entry, source):
    fields = {
        name: getattr(entry, name) for name in ("person", "organisation", "occurred_on", "title", "kind")
    }
    made = HoursEntry.objects.create(source=source, minutes=5, **fields)
    assert evidence_of(made, AnonymousUser()) is None


# --- Rules ---------------------------------------------------------------------------------------------------------


def test_the_nearest_organisation_and_the_latest_day_decide(tree, cast):
    def rule(place, days_ago, minutes):
        return add_hours_rule(
            organisation=tree[place] if place else None,
            starts_on=TODAY() - timedelta(days=days_ago),
            minutes_per_hour=minutes,
            source="文件",
            actor=cast.city_administrator,
        )

    known = rule_on(TODAY(), tree["station"])
    assert (known.minutes_per_hour, known.organisation) == (45, None)
    rule("province", 100, 50)
    old, new = rule("city", 50, 40), rule("city", 10, 30)
    rule("other_district", 5, 20)
    rule("city", -5, 25)
    assert rule_on(TODAY(), tree["station"]) == new
    assert rule_on(TODAY() - timedelta(days=20), tree["station"]) == old
    assert rule_on(TODAY() - timedelta(days=70), tree["station"]).organisation == tree["province"]
    assert rule_on(TODAY() - timedelta(days=3000), tree["station"]) == known
    assert rule_on(TODAY(), tree["other_station"]).minutes_per_hour == 20


def test_what_is_credited_keeps_its_rule(entry, tree, cast):
    before = entry.hours
    add_hours_rule(
        organisation=tree["province"],
        starts_on=entry.occurred_on,
        minutes_per_hour=30,
        source="文件",
        actor=cast.city_administrator,
    )
    assert HoursEntry.objects.get().hours == before == Decimal("2.0")
    assert AuditEntry.objects.filter(action="credentials.add_hours_rule").count() == 1


def test_a_second_rule_from_the_same_day_is_refused(tree, cast):
    rule = {"starts_on": TODAY(), "minutes_per_hour": 40, "source": "文件", "actor": cast.city_administrator}
    for organisation in (tree["city"], None):
        add_hours_rule(organisation=organisation, **rule)
        with pytest.raises(Refused):
            add_hours_rule(organisation=organisation, **rule)
    assert (
        HoursRule.objects.count()
        == AuditEntry.objects.filter(action="credentials.add_hours_rule").count()
        == 2
    )
