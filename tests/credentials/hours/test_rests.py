"""What an entry had not got is credited when that which had taken it is taken back: nothing counts twice, nothing is lost."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from core.models import AuditEntry, Notice
from credentials.hours.actions import (
    CannotCorrect,
    correct_hours,
    correcting,
    credit_attendance,
    credit_course,
    credit_rest,
    reconcile,
    reconciling,
)
from credentials.hours.queries import cut_short, evidence_of, taught_by
from credentials.models import HoursEntry
from tests.credentials.hours.test_lessons import completed
from tests.factories import make_cohort, make_course_page, make_enrolment, make_settled, make_version
from tests.lms.enrolments.test_concurrency import at_once


@pytest.fixture
def enrolment(tree, cast):
    return make_enrolment(make_cohort(tree["district"]), cast.trainee.person)


def attended(enrolment, number, after=0, minutes=90, revision=1):
    """Somebody attended a class that began so many minutes after the first one."""
    starts_at = make_settled(enrolment).starts_at + timedelta(minutes=after)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90)}
    return credit_attendance(
        event=make_settled(enrolment, revision, minutes, attendance_id=number, title=f"课次{number}", **times)
    )


def standing():
    return [(row.source, row.minutes) for row in HoursEntry.objects.standing().order_by("pk")]


def take_back(entry, cast):
    return correct_hours(entry=entry, reason="误签", actor=cast.administrator)


def test_time_is_credited_to_the_entry_that_had_not_got_it(enrolment, cast):
    first, second = attended(enrolment, 1), attended(enrolment, 2, 60)
    assert second.minutes == 60
    take_back(first, cast)
    assert standing() == [("lms.attendance:2", 60), ("lms.attendance:2:again:1", 30)]
    rest = HoursEntry.objects.get(source="lms.attendance:2:again:1")
    assert (rest.kind, rest.rule, rest.evidence["rest_of"]) == ("class", second.rule, second.pk)
    assert AuditEntry.objects.filter(action="credentials.credit").count() == 3
    assert attended(enrolment, 2, 60) is None
    assert reconcile() == []


def test_lessons_are_credited_to_the_entry_that_had_not_got_them(tree, cast):
    person, course = cast.trainee.person, make_course_page()
    first = credit_course(
        event=completed(tree, person, make_version(lessons=2, quizzes=0, course=course), 30)
    )
    event = completed(tree, person, make_version(lessons=3, quizzes=0, course=course))
    second = credit_course(event=event)
    take_back(first, cast)
    assert standing() == [(second.source, 30), (f"{second.source}:again:1", 60)]
    rest = HoursEntry.objects.get(source__endswith=":again:1")
    assert rest.evidence["lessons"].keys() | second.evidence["lessons"].keys() == event.lessons.keys()
    assert evidence_of(rest, cast.trainee) == evidence_of(second, cast.trainee)
    assert (
        credit_course(event=completed(tree, person, make_version(lessons=3, quizzes=0, course=course)))
        is None
    )
    assert {row.entry_id for row in taught_by(person.pk, None)} == {second.pk, rest.pk}


def test_whoever_came_first_goes_first_and_no_minute_is_lost(enrolment, cast):
    """9:00–10:30, 9:30–11:00 and 10:00–11:30: whatever is taken back, all that is left is credited, each minute once."""
    first, second, third = (attended(enrolment, number, 30 * (number - 1)) for number in (1, 2, 3))
    assert [row.minutes for row in (first, second, third)] == [90, 30, 30]
    take_back(first, cast)
    assert standing() == [
        ("lms.attendance:2", 30),
        ("lms.attendance:3", 30),
        ("lms.attendance:2:again:1", 60),
    ]
    take_back(second, cast)
    assert standing() == [("lms.attendance:3", 30), ("lms.attendance:3:again:1", 60)]


def test_bit_by_bit_it_becomes_whole_and_no_more(enrolment, cast):
    first, last = attended(enrolment, 1, -60), attended(enrolment, 2, 60)
    middle = attended(enrolment, 3)
    assert middle.minutes == 30
    take_back(first, cast)
    take_back(last, cast)
    assert standing() == [(f"lms.attendance:3{again}", 30) for again in ("", ":again:1", ":again:2")]


def test_a_rest_goes_with_its_entry_and_one_taken_back_by_an_officer_does_not_come_again(enrolment, cast):
    first, last = attended(enrolment, 1, -60), attended(enrolment, 2, 60)
    middle = attended(enrolment, 3)
    take_back(first, cast)
    take_back(HoursEntry.objects.get(source="lms.attendance:3:again:1"), cast)
    take_back(last, cast)
    assert standing() == [("lms.attendance:3", 30), ("lms.attendance:3:again:2", 30)]
    take_back(middle, cast)
    assert standing() == []
    with pytest.raises(CannotCorrect):
        take_back(middle, cast)
    assert credit_rest(entry=middle) is None


def test_a_newer_revision_replaces_an_entry_with_its_rest(enrolment, cast):
    first = attended(enrolment, 1)
    attended(enrolment, 2, 60)
    take_back(first, cast)
    attended(enrolment, 2, 60, minutes=30, revision=2)  # as many as the rest has
    assert standing() == [("lms.attendance:2:2", 30)]


def test_settled_anew_a_class_stays_before_those_that_yielded_to_it(enrolment, cast):
    """9:00–10:30 and 10:00–11:30: of the first an officer takes off five minutes, which nobody else may get."""
    attended(enrolment, 1)
    attended(enrolment, 2, 60)
    attended(enrolment, 1, minutes=85, revision=2)
    assert standing() == [("lms.attendance:2", 60), ("lms.attendance:1:2", 85)]
    newest = attended(enrolment, 1, minutes=80, revision=3)
    assert standing() == [("lms.attendance:2", 60), ("lms.attendance:1:3", 80)]
    take_back(newest, cast)
    assert standing() == [("lms.attendance:2", 60), ("lms.attendance:2:again:1", 30)]


def test_settled_anew_at_a_shorter_time_what_it_leaves_is_credited_to_the_next(enrolment):
    starts_at = make_settled(enrolment).starts_at
    attended(enrolment, 1)
    attended(enrolment, 2, 60)
    ends_at = starts_at + timedelta(minutes=75)
    credit_attendance(event=make_settled(enrolment, 2, 75, attendance_id=1, ends_at=ends_at))
    assert [minutes for _, minutes in standing()] == [60, 75, 15]
    credit_attendance(event=make_settled(enrolment, 3, 90, attendance_id=1))  # 9:00–10:30 once more
    assert sum(minutes for _, minutes in standing()) == 150  # from 9:00 to 11:30, each minute once


def test_settled_anew_at_another_time_nobody_loses_what_they_have(enrolment):
    """What lies beyond the former time may have been credited to others since."""
    attended(enrolment, 1)
    attended(enrolment, 2, 60)
    attended(enrolment, 1, 30, revision=2, minutes=80)  # 9:30–11:00
    found = standing()
    assert found[0] == ("lms.attendance:2", 60)
    assert sum(minutes for _, minutes in found) == 120  # from 9:30 to 11:30


def test_a_rest_of_what_was_settled_anew_has_its_place_too(enrolment, cast):
    first = attended(enrolment, 1)
    attended(enrolment, 2, 30)
    attended(enrolment, 3, 60)
    attended(enrolment, 2, 30, minutes=85, revision=2)
    take_back(first, cast)
    attended(enrolment, 2, 30, minutes=80, revision=3)
    assert standing() == [("lms.attendance:3", 30), ("lms.attendance:2:3", 80)]


def test_what_has_become_whole_is_not_looked_at_again(enrolment, cast, django_assert_num_queries):
    first, last = attended(enrolment, 1, -60), attended(enrolment, 2, 60)
    middle = attended(enrolment, 3)
    take_back(first, cast)
    assert cut_short() == cut_short(middle.person_id) == [middle]
    take_back(last, cast)
    assert cut_short() == cut_short(middle.person_id) == []
    take_back(HoursEntry.objects.get(source="lms.attendance:3:again:1"), cast)
    with django_assert_num_queries(3):
        assert cut_short() == []


def told_of_corrections(user):
    return [
        notice.body_in("en")
        for notice in Notice.objects.filter(
            user=user, source__startswith="credentials.correct_hours"
        ).order_by("pk")
    ]


def test_settled_anew_one_is_told_once_and_of_what_was_attended(enrolment, cast):
    first = attended(enrolment, 1)
    attended(enrolment, 2, 60)  # 90 attended, 60 credited
    take_back(first, cast)
    attended(enrolment, 2, 60, minutes=30, revision=2)
    assert told_of_corrections(cast.trainee)[1:] == [
        "The attendance was settled anew (revision 2): 30 minutes instead of 90."
    ]


def test_one_is_told_once_of_an_entry_and_its_rest_and_also_of_a_rest_alone(enrolment, cast):
    first, second, third = (attended(enrolment, number, 60 * (number - 1)) for number in (1, 2, 3))
    take_back(first, cast)
    take_back(second, cast)
    take_back(HoursEntry.objects.get(source="lms.attendance:3:again:1"), cast)
    assert third.minutes == 60
    assert [body.partition(" ")[0] for body in told_of_corrections(cast.trainee)] == ["90", "90", "30"]


def test_reconciling_finds_what_was_lost_before(enrolment, cast, monkeypatch):
    first, second = attended(enrolment, 1), attended(enrolment, 2, 60)
    with monkeypatch.context() as before:
        before.setattr(correcting, "cut_short", lambda person_id: [])
        take_back(first, cast)
    assert standing() == [("lms.attendance:2", 60)]
    monkeypatch.setattr(reconciling, "settled_attendances", list)
    assert reconcile() == [f"entry {second.pk}: the rest credited"]
    assert standing()[1:] == [("lms.attendance:2:again:1", 30)]
    assert reconcile() == []


def test_an_entry_and_its_rest_point_at_each_other(client, enrolment, cast):
    first, second = attended(enrolment, 1), attended(enrolment, 2, 60)
    take_back(first, cast)
    rest = HoursEntry.objects.get(source__endswith=":again:1")
    client.force_login(cast.trainee)
    for one, other in ((second, rest), (rest, second)):
        page = client.get(reverse("credentials:hours-evidence", args=[one.pk])).content.decode()
        assert f'href="{reverse("credentials:hours-evidence", args=[other.pk])}"' in page


def test_a_rest_that_was_taken_back_is_not_shown_as_credited(client, enrolment, cast):
    first, second = attended(enrolment, 1), attended(enrolment, 2, 60)
    take_back(first, cast)
    rest = HoursEntry.objects.get(source__endswith=":again:1")
    take_back(rest, cast)
    client.force_login(cast.trainee)
    page = client.get(reverse("credentials:hours-evidence", args=[second.pk])).content.decode()
    assert f'href="{reverse("credentials:hours-evidence", args=[first.pk])}"' in page
    assert f'href="{reverse("credentials:hours-evidence", args=[rest.pk])}"' not in page


def test_whoever_gets_a_rest_is_told(enrolment, cast):
    first, _ = attended(enrolment, 1), attended(enrolment, 2, 60)
    take_back(first, cast)
    rest = HoursEntry.objects.get(source__endswith=":again:1")
    told = Notice.objects.get(source__startswith="credentials.credit_rest:")
    assert (told.user, told.url) == (cast.trainee, reverse("credentials:hours-evidence", args=[rest.pk]))
    assert told.title_in("zh-hans") == "“课次2”的30分钟已计入学时"
    assert reconcile() == []
    assert Notice.objects.filter(source__startswith="credentials.credit_rest:").count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_taken_back_while_others_are_credited_nothing_is_lost(enrolment, cast):
    first = attended(enrolment, 1)

    def act(number):
        if number == 4:
            with transaction.atomic():
                take_back(HoursEntry.objects.get(pk=first.pk), cast)
        else:
            attended(enrolment, number + 10, 10 * number)

    at_once(act, range(1, 8))
    for number in (1, 2, 3, 5, 6, 7):
        attended(
            enrolment, number + 10, 10 * number
        )  # of what was wholly covered nothing stood in the ledger
    assert sum(minutes for _, minutes in standing()) == 150  # from 9:10 to 11:40
