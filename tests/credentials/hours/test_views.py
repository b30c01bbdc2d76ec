"""My hours, and the page that shows what an entry rests on."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from core.models import Person, User
from credentials.hours.actions import correct_hours, credit_course, reconcile
from credentials.hours.queries import evidence_of
from credentials.models import HoursEntry
from lms.models import Attendance, Enrolment
from lms.public import completion_told
from supervision.sessions import actions as sessions
from tests.factories import (
    make_attendance,
    make_class,
    make_cohort,
    make_course_page,
    make_enrolment,
    make_learned,
    make_pairing,
    make_period,
    make_register,
    make_session,
    make_supervisor,
    make_version,
)

LIST = reverse("credentials:hours-list")
INSIDE = ["trainee", "administrator", "city_administrator", "auditor"]
OUTSIDE = ["other_trainee", "instructor", "finance", "outsider", "outside_trainee"]


def page_of(entry) -> str:
    return reverse("credentials:hours-evidence", args=[entry.pk])


@pytest.fixture
def course(tree, cast):
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "completed")
    credit_course(event=completion_told(make_learned(enrolment).pk))
    return HoursEntry.objects.get(kind="course")


@pytest.fixture
def supervision(tree, cast):
    pairing = make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)
    sessions.confirm_session(session=make_session(pairing), actor=cast.trainee, revision=1)
    return HoursEntry.objects.get(kind="supervision")


@pytest.mark.parametrize("part", INSIDE)
def test_owner_and_officers_in_scope_see_what_an_entry_rests_on(client, course, supervision, cast, part):
    client.force_login(getattr(cast, part))
    page = client.get(page_of(course))
    assert page.status_code == 200
    assert all(words in page.content.decode() for words in ("课时1", "测验2", "100%"))
    assert course.source not in page.content.decode()  # a code of ours, and no word for a reader
    page = client.get(page_of(supervision))
    assert page.status_code == 200
    assert "欧阳若水" in page.content.decode()
    assert "接案预估" not in page.content.decode()


@pytest.fixture
def attended(tree, cast):
    """What a class of yesterday was credited for."""
    cohort = make_cohort(tree["district"])
    klass = make_class(cohort, days=-1)
    make_register(klass, closed_at=klass.ends_at)
    row = make_attendance(klass, make_enrolment(cohort, cast.trainee.person), method="qr")
    Attendance.objects.filter(pk=row.pk).update(
        revision=1, settled_at=klass.ends_at, checked_in_at=klass.starts_at
    )
    assert reconcile() == [f"attendance {row.pk}: hours credited"]
    return row


def test_an_entry_of_a_class_leads_to_its_register_or_to_ones_own_attendance(client, attended, tree, cast):
    entry = HoursEntry.objects.get()
    register = reverse("attendance:register", args=[attended.class_session_id])
    own = reverse("lms:attendance-own", args=[attended.enrolment_id])
    for user, shown, hidden in ((cast.trainee, own, register), (cast.auditor, register, own)):
        client.force_login(user)
        page = client.get(page_of(entry)).content.decode()
        assert f'href="{shown}"' in page
        assert f'href="{hidden}"' not in page
        assert str(attended.class_session.title) in page
        assert client.get(shown).status_code == 200
    Enrolment.objects.filter(pk=attended.enrolment_id).update(state="withdrawn")
    assert evidence_of(entry, cast.trainee).own_url == ""
    row = correct_hours(entry=entry, reason="误签", actor=cast.administrator)
    assert register in client.get(page_of(row)).content.decode()


def test_a_register_that_the_reader_may_not_see_is_not_named(attended, cast):
    for user in (cast.outsider, AnonymousUser()):
        found = evidence_of(HoursEntry.objects.get(), user)
        assert (found.attendance_id, found.register_url, found.own_url) == (attended.pk, "", "")


@pytest.mark.parametrize("part", OUTSIDE)
def test_for_everybody_else_there_is_no_such_page(client, course, supervision, cast, part):
    client.force_login(getattr(cast, part))
    for entry in (course, supervision):
        assert client.get(page_of(entry)).status_code == 404


def test_each_side_of_a_session_reads_their_own_entry_only(client, supervision, cast):
    other = HoursEntry.objects.get(kind="supervising")
    for part, mine, theirs in (("trainee", supervision, other), ("supervisor", other, supervision)):
        client.force_login(getattr(cast, part))
        assert client.get(page_of(mine)).status_code == 200
        assert client.get(page_of(theirs)).status_code == 404


def test_nobody_is_let_in_without_signing_in(client, course):
    for address in (LIST, page_of(course)):
        assert "login" in client.get(address).url


def test_a_number_that_no_row_can_have_is_not_found(client, cast):
    client.force_login(cast.trainee)
    assert client.get(reverse("credentials:hours-evidence", args=[10**30])).status_code == 404


def test_entry_and_correction_point_at_each_other(client, course, cast):
    row = correct_hours(entry=course, reason="重复计入", actor=cast.administrator)
    client.force_login(cast.trainee)
    for one, other in ((course, row), (row, course)):
        page = client.get(page_of(one)).content.decode()
        assert "重复计入" in page
        assert page_of(other) in page
    assert "-90" in client.get(LIST).content.decode()


def test_only_who_may_take_it_back_is_led_there(client, course, cast):
    """The button is on the page of the entry, since the ledger at the desk leads to it."""
    address = reverse("hours:take-back", args=[course.pk])
    for part, may in (("trainee", False), ("auditor", False), ("administrator", True)):
        client.force_login(getattr(cast, part))
        assert (address in client.get(page_of(course)).content.decode()) is may
    row = correct_hours(entry=course, reason="重复计入", actor=cast.administrator)
    for each in (course, row):
        assert "take-back" not in client.get(page_of(each)).content.decode()


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"course", "supervision", "correction"}),
        ("?kind=course", {"course", "correction"}),
        ("?kind=supervision", {"supervision"}),
        ("?kind=supervising", set()),
        ("?kind=%00", {"course", "supervision", "correction"}),
        ("?page=99999999999999999999", {"course", "supervision", "correction"}),
        ("?page=x", {"course", "supervision", "correction"}),
    ],
)
def test_the_list_shows_a_kind_with_its_corrections(client, course, supervision, cast, query, kinds):
    correct_hours(entry=course, reason="重复计入", actor=cast.administrator)
    client.force_login(cast.trainee)
    answer = client.get(LIST + query)
    assert {entry.kind for entry in answer.context["page"]} == kinds


def test_an_account_without_a_person_finds_an_empty_page(client, db):
    client.force_login(User.objects.create_user("bare@example.com"))
    answer = client.get(LIST)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()


@pytest.mark.parametrize("number", [1, 9])
def test_pages_take_the_same_statements_for_one_and_for_many(
    client, tree, cast, number, django_assert_max_num_queries
):
    for _ in range(number):
        enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "completed")
        credit_course(event=completion_told(enrolment.pk))
    entry = HoursEntry.objects.first()
    correct_hours(entry=entry, reason="重复计入", actor=cast.administrator)
    client.force_login(cast.trainee)

    def asked(address):
        client.get(address)
        with django_assert_max_num_queries(40) as captured:
            assert client.get(address).status_code == 200
        return len([one for one in captured.captured_queries if "credentials_" in one["sql"]])

    assert asked(LIST) == 5  # what added nothing is one of them
    assert asked(page_of(entry)) == 1


def test_what_is_suggested_is_said_in_hours_and_is_nothing_that_one_learns_or_has_learned(client, tree, cast):
    person = cast.trainee.person
    make_period(person)
    learned, learning, new = (make_version(course=make_course_page(title)) for title in "甲乙丙")
    for version in (learned, learning, new):
        make_cohort(tree["district"], version, title="下一班", is_public=True)
    make_enrolment(make_cohort(tree["district"], learned), person, "completed")
    make_enrolment(make_cohort(tree["district"], learning), person, "enrolled")
    client.force_login(cast.trainee)
    assert [each.title for each, _hours in client.get(LIST).context["open_courses"]] == ["丙"]
    assert "最多 2 学时" in client.get(LIST).content.decode()


def test_totals_stand_once_in_hours_and_the_rule_once_below_them(client, course, supervision, cast):
    person = cast.trainee.person
    make_period(person)
    client.force_login(cast.trainee)
    page = client.get(LIST).content.decode()
    assert page.count("通行做法") == 1 and "各行舍去的零头计入合计" in page
    assert "2.0 学时" not in page and "2.0<" not in page


def test_an_officer_finds_the_way_back_to_whose_hours_it_is_and_not_their_own(client, course, cast):
    client.force_login(cast.administrator)
    page = client.get(page_of(course)).content.decode()
    assert f"{reverse('hours:index')}?person={course.person_id}" in page
    assert f'class="side__link" href="{LIST}"' not in page
    client.force_login(cast.trainee)
    assert f'class="side__link" href="{LIST}"' in client.get(page_of(course)).content.decode()


def test_an_officer_is_led_nowhere_that_is_not_theirs_to_see(client, course, tree, cast):
    """Whoever has moved away keeps the entry, which the district credited; their ledger and page are others' to read."""
    person = course.person
    links = f"{reverse('hours:index')}?person={person.pk}", reverse("people:detail", args=[person.pk])
    client.force_login(cast.administrator)
    for place, shown in (("station", True), ("other_station", False)):
        Person.objects.filter(pk=person.pk).update(employer=tree[place])
        page = client.get(page_of(course))
        assert page.status_code == 200
        assert [f'href="{link}"' in page.content.decode() for link in links] == [shown, shown]
        assert client.get(links[1]).status_code == (200 if shown else 404)
        assert f'href="{reverse("hours:people")}"' in page.content.decode()


def test_the_rule_that_holds_without_one_gives_its_source_in_the_readers_language(client, course, cast):
    make_period(cast.trainee.person)
    client.force_login(cast.trainee)
    for address in (LIST, page_of(course)):
        shown = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert "Common practice" in shown and "通行做法" not in shown
