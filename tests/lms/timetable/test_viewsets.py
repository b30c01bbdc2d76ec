"""The timetable of a cohort at the desk."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from core.models import Holiday
from core.templatetags.times import day
from lms.models import CalendarFeed, ClassSession, Cohort
from tests.factories import give_role, make_class, make_enrolment, make_user
from tests.lms.timetable.steps import add, form


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.administrator)
    return client


def test_an_officer_plans_a_class(officer, cohort, cast):
    response = officer.post(add(cohort), form(instructor=cast.instructor.person.pk))
    made = ClassSession.objects.get()
    assert response.url.endswith(f"#class-{made.pk}")
    assert (made.room, made.instructor, made.is_required) == ("301", cast.instructor.person, True)
    assert timezone.localtime(made.starts_at).hour == 9


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"day": "2026-02-30"}, "day"),
        ({"start": "25:00"}, "start"),
        ({"end": "08:00"}, "end"),
        ({"mode": "online"}, "link"),
        ({"mode": "online", "link": "http://meet.example.com/1"}, "link"),
        ({"mode": "online", "link": "javascript:alert(1)"}, "link"),
        ({"mode": "x"}, "mode"),
        ({"place": ""}, "place"),
        ({"instructor": "999999"}, "instructor"),
        ({"search": "没有这个人"}, "search"),
        ({"title": "王\x00明"}, "title"),
        ({"day": "9999-12-31"}, "day"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(officer, cohort, wrong, field):
    response = officer.post(add(cohort), form(**wrong))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not ClassSession.objects.exists()


def test_a_warning_is_saved_only_with_its_tick(officer, cohort, other):
    make_class(other, days=5)
    asked = officer.post(add(cohort), form())
    assert asked.context["key"]
    assert officer.post(add(cohort), form(accepted="nonsense")).status_code == 200
    assert ClassSession.objects.count() == 1
    assert officer.post(add(cohort), form(accepted=asked.context["key"])).status_code == 302
    shown = officer.get(reverse("timetable:cohort", args=[cohort.pk]))
    assert shown.context["clashing"] == 1


def test_what_cannot_be_has_no_tick(officer, cohort):
    make_class(cohort, days=5)
    asked = officer.post(add(cohort), form())
    assert asked.context["conflicts"]
    assert asked.context["key"] == ""
    assert 'name="accepted"' not in asked.content.decode()


def test_a_person_in_scope_is_found_by_name(officer, cohort, cast):
    officer.post(add(cohort), form(search="linxiaohe"))
    assert ClassSession.objects.get().instructor == cast.trainee.person


def test_of_several_people_with_a_name_one_is_chosen(officer, cohort, tree):
    people = [make_user("林小荷", tree["station"]).person for _ in range(2)]
    asked = officer.post(add(cohort), form(search="林小荷"))
    assert set(people) <= set(asked.context["form"].fields["instructor"].queryset)
    officer.post(add(cohort), form(search="林小荷", instructor=people[1].pk))
    assert ClassSession.objects.get().instructor == people[1]


def test_nobody_outside_of_the_tree_can_be_chosen(officer, cohort, cast):
    stranger = cast.outside_trainee.person
    for wrong in ({"instructor": stranger.pk}, {"search": stranger.name}):
        assert officer.post(add(cohort), form(**wrong)).status_code == 200
    assert not ClassSession.objects.exists()


def test_a_series_is_shown_before_it_is_planned(officer, cohort):
    first = make_class(cohort, days=2)
    address = reverse("timetable:repeat", args=[first.pk])
    skipped = (timezone.localdate() + timedelta(days=9)).isoformat()
    asked = officer.post(address, {"times": 3, "skipped": skipped})
    days = [(draft.starts_at - first.starts_at).days for draft in asked.context["drafts"]]
    assert days == [14, 21, 28]
    assert ClassSession.objects.count() == 1
    seen = asked.context["seen"]
    officer.post(address, {"times": 4, "skipped": skipped, "seen": seen})  # other days than were shown
    assert ClassSession.objects.count() == 1
    officer.post(address, {"times": 3, "skipped": skipped, "seen": seen})
    assert ClassSession.objects.count() == 4


def test_a_series_with_a_conflict_wants_the_tick(officer, cohort, other):
    first = make_class(cohort, days=2)
    make_class(other, days=16)
    address = reverse("timetable:repeat", args=[first.pk])
    asked = officer.post(address, {"times": 3})
    (conflict,) = asked.context["conflicts"]
    assert conflict.slot.starts_at == first.starts_at + timedelta(days=14)
    data = {"times": 3, "seen": asked.context["seen"]}
    assert officer.post(address, data).status_code == 200
    assert officer.post(address, data | {"accepted": asked.context["key"]}).status_code == 302
    assert cohort.classes.count() == 4


def test_a_class_after_the_last_day_of_the_cohort_is_said_with_that_day_and_wants_the_tick(officer, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=timezone.localdate() + timedelta(days=4))
    asked = officer.post(add(cohort), form())
    (conflict,) = asked.context["conflicts"]
    assert day(cohort.starts_on + timedelta(days=4)) in conflict.text
    assert 'name="accepted"' in asked.content.decode() and not ClassSession.objects.exists()
    assert officer.post(add(cohort), form(accepted=asked.context["key"])).status_code == 302
    first = ClassSession.objects.get()
    listed = officer.get(reverse("timetable:cohort", args=[cohort.pk]))
    assert listed.context["clashing"] == 1
    repeated = officer.post(reverse("timetable:repeat", args=[first.pk]), {"times": 2})
    assert len(repeated.context["conflicts"]) == 2 and repeated.context["key"]


@pytest.mark.parametrize(
    "data", [{"times": 0}, {"times": 31}, {"times": "x"}, {"times": 2, "skipped": "国庆"}]
)
def test_nonsense_plans_no_series(officer, cohort, data):
    first = make_class(cohort)
    assert officer.post(reverse("timetable:repeat", args=[first.pk]), data).status_code == 200
    assert ClassSession.objects.count() == 1


def test_a_class_is_changed_and_cancelled(officer, cohort):
    made = make_class(cohort, days=5)
    address = reverse("timetable:change", args=[made.pk])
    officer.post(address, form(days=6, sequence=0))
    made.refresh_from_db()
    assert made.sequence == 1
    assert officer.post(address, form(days=7, sequence=0)).context["form"].non_field_errors()
    cancel = reverse("timetable:cancel", args=[made.pk])
    assert officer.post(cancel, {"reason": ""}).status_code == 200
    officer.post(cancel, {"reason": "停电"})
    made.refresh_from_db()
    assert made.cancel_reason == "停电"
    again = officer.post(cancel, {"reason": "停电"})
    assert list(get_messages(again.wsgi_request))


@pytest.mark.parametrize("part", ["instructor", "auditor", "outsider", "finance", "trainee"])
def test_only_those_who_run_the_cohort_plan(client, cohort, cast, part):
    made = make_class(cohort)
    client.force_login(getattr(cast, part))
    looks = part in ("instructor", "auditor")
    code = client.get(reverse("timetable:cohort", args=[cohort.pk])).status_code
    assert (code == 200) is looks
    for name, pk in (("add", cohort.pk), ("change", made.pk), ("repeat", made.pk), ("cancel", made.pk)):
        assert client.get(reverse(f"timetable:{name}", args=[pk])).status_code in (403, 404)
    assert client.post(reverse("timetable:calendar", args=[cohort.pk])).status_code in (403, 404)


def test_a_teacher_of_one_class_does_not_change_it(client, cohort, cast, tree):
    made = make_class(cohort, instructor=cast.instructor.person)
    client.force_login(cast.instructor)
    assert client.get(reverse("timetable:change", args=[made.pk])).status_code == 404


def test_an_administrator_above_plans_too(client, cohort, cast):
    client.force_login(cast.city_administrator)
    assert client.post(add(cohort), form()).status_code == 302


def test_the_address_of_a_cohort_is_made_and_renewed_at_the_desk(officer, cohort):
    address = reverse("timetable:calendar", args=[cohort.pk])
    officer.post(address)
    old = CalendarFeed.objects.get(cohort=cohort).token
    officer.post(address)
    assert CalendarFeed.objects.get(cohort=cohort).token != old


def test_instructors_of_the_organisation_and_above_are_offered(officer, cohort, cast, tree):
    above = make_user("高老师", tree["city"])
    give_role(above, "instructor", tree["city"])
    elsewhere = make_user("远老师", tree["other_district"])
    give_role(elsewhere, "instructor", tree["other_district"])
    offered = set(officer.get(add(cohort)).context["form"].fields["instructor"].queryset)
    assert offered == {cast.instructor.person, above.person}


def test_whoever_cancels_a_class_reads_how_many_have_been_told(officer, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    for teacher, said in (
        (cast.instructor.person, "课次已取消，已通知 2 人。"),
        (None, "课次已取消，已通知 1 人。"),
    ):
        klass = make_class(cohort, days=5, instructor=teacher)
        answer = officer.post(reverse("timetable:cancel", args=[klass.pk]), {"reason": "停电"})
        assert [str(told) for told in get_messages(answer.wsgi_request)][-1] == said


def test_a_class_that_is_cancelled_is_not_repeated(officer, cohort):
    made = make_class(cohort, days=5)
    address = reverse("timetable:repeat", args=[made.pk])
    listed = reverse("timetable:cohort", args=[cohort.pk])
    assert address in officer.get(listed).content.decode()
    ClassSession.objects.update(cancelled_at=timezone.now(), cancel_reason="停电")
    assert address not in officer.get(listed).content.decode()
    answer = officer.post(address, {"times": "2", "skipped": ""})
    assert answer.status_code == 302
    assert ClassSession.objects.count() == 1


def test_the_holidays_among_the_weeks_ahead_are_left_out_beforehand(officer, cohort):
    made = make_class(cohort, days=2)
    week = timezone.localtime(made.starts_at).date() + timedelta(weeks=1)
    Holiday.objects.create(name="示例节", starts_on=week, ends_on=week)
    page = officer.get(reverse("timetable:repeat", args=[made.pk]))
    assert week.isoformat() in page.context["form"].initial["skipped"]
