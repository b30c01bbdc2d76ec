from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from lms.attendance.actions import agree_request, ask_leave, let_make_up, withdraw_request
from lms.models import CalendarFeed, ClassSession
from lms.timetable.actions import remind_classes
from tests.factories import give_role, make_class, make_enrolment, make_feed, make_user

LINK = "https://meet.example.com/j/1"


def page(client, user, name, *args, **query):
    client.force_login(user)
    response = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


# --- The trainee's and the instructor's ---------------------------------------------------------------------------


def test_today_comes_first_and_what_is_past_stands_on_its_own_page(client, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    for days, title in ((-1, "昨天的课"), (0, "今天的课"), (1, "明天的课")):
        make_class(cohort, days=days, title=title, title_en="")
    shown = page(client, cast.trainee, "lms:timetable-mine")
    assert "昨天的课" not in shown
    assert shown.index("今天的课") < shown.index("明天的课")
    assert "Today ·" in shown
    before = page(client, cast.trainee, "lms:timetable-mine", show="past")
    assert "昨天的课" in before
    assert "明天的课" not in before


@pytest.mark.parametrize(
    ("clock", "word"),
    [("08:10", "In 50 minutes"), ("09:30", "Going on now"), ("10:30", "Over"), ("07:00", "Today")],
)
def test_a_class_says_where_it_stands(client, cohort, cast, clock, word):
    with time_machine.travel(f"2026-03-14 {clock}+08:00", tick=False):
        make_enrolment(cohort, cast.trainee.person)
        make_class(cohort, days=0)
        assert word in page(client, cast.trainee, "lms:timetable-mine")


def test_a_cancelled_class_says_why(client, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, cancelled_at=timezone.now(), cancel_reason="老师生病")
    shown = page(client, cast.trainee, "lms:timetable-mine")
    assert "<s>Intake</s>" in shown
    assert "老师生病" in shown


def test_the_meeting_link_is_for_the_enrolled_only(client, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, mode="online", link=LINK, instructor=cast.instructor.person)
    assert LINK in page(client, cast.trainee, "lms:timetable-mine")
    assert LINK in page(client, cast.trainee, "lms:timetable-enrolment", enrolment.pk)
    assert LINK in page(client, cast.instructor, "lms:timetable-mine")
    for part in (cast.other_trainee, cast.outsider, cast.supervisor):
        assert LINK not in page(client, part, "lms:timetable-mine")
        assert client.get(reverse("lms:timetable-enrolment", args=[enrolment.pk])).status_code == 404


def test_a_class_that_is_over_or_cancelled_has_no_link(client, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, mode="online", link=LINK, cancelled_at=timezone.now())
    make_class(cohort, days=-1, mode="online", link=LINK)
    for show in ("", "past"):
        assert LINK not in page(client, cast.trainee, "lms:timetable-mine", show=show)


def test_a_class_leads_to_its_register_and_its_check_in_code(client, cohort, cast):
    klass = make_class(cohort, days=1, instructor=cast.instructor.person)
    over = make_class(cohort, days=-2)
    register = reverse("attendance:register", args=[klass.pk])
    screen = reverse("lms:attendance-screen", args=[klass.uid])
    desk = page(client, cast.instructor, "timetable:cohort", cohort.pk)
    assert register in desk and screen in desk
    assert screen in page(client, cast.instructor, "lms:timetable-mine")
    read = page(client, cast.auditor, "timetable:cohort", cohort.pk)
    assert register in read and screen not in read
    make_enrolment(cohort, cast.trainee.person)
    mine = page(client, cast.trainee, "lms:timetable-mine")
    assert register not in mine and screen not in mine
    past = page(client, cast.instructor, "timetable:cohort", cohort.pk, show="past")
    assert reverse("attendance:register", args=[over.pk]) in past
    assert reverse("lms:attendance-screen", args=[over.uid]) not in past


@pytest.mark.parametrize("state", ["applied", "waiting", "refused", "withdrawn"])
def test_who_is_not_enrolled_has_no_room_with_classes(client, cohort, cast, state):
    enrolment = make_enrolment(cohort, cast.trainee.person, state)
    make_class(cohort)
    assert "Intake" not in page(client, cast.trainee, "lms:timetable-mine")
    assert client.get(reverse("lms:timetable-enrolment", args=[enrolment.pk])).status_code == 404


def test_an_instructor_sees_what_they_teach_and_reaches_the_desk(client, cohort, cast):
    make_class(cohort, instructor=cast.instructor.person)
    shown = page(client, cast.instructor, "lms:timetable-mine")
    assert "I teach" in shown
    assert reverse("timetable:cohort", args=[cohort.pk]) in shown


def test_who_teaches_without_a_desk_is_not_sent_there(client, cohort, cast):
    make_class(cohort, instructor=cast.supervisor.person)
    shown = page(client, cast.supervisor, "lms:timetable-mine")
    assert "I teach" in shown
    assert reverse("timetable:cohort", args=[cohort.pk]) not in shown


def test_a_calendar_address_is_made_when_it_is_asked_for(client, cast):
    assert "You have no calendar address yet" in page(client, cast.trainee, "lms:timetable-subscribe")
    assert not CalendarFeed.objects.exists()
    client.post(reverse("lms:timetable-subscribe"))
    feed = CalendarFeed.objects.get(person=cast.trainee.person)
    shown = page(client, cast.trainee, "lms:timetable-subscribe")
    assert f"webcal://testserver/learn/calendar/{feed.token}.ics" in shown
    assert feed.token not in page(client, cast.other_trainee, "lms:timetable-subscribe")


def test_the_first_calendar_address_replaces_none(client, cast):
    client.force_login(cast.trainee)
    address = reverse("lms:timetable-subscribe")
    assert "不再有效" not in client.post(address, follow=True).text
    assert "不再有效" in client.post(address, follow=True).text


def test_the_calendar_of_a_cohort_is_shown_to_its_trainees_and_its_desk(client, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    feed = make_feed(cohort=cohort)
    assert feed.token in page(client, cast.trainee, "lms:timetable-enrolment", enrolment.pk)
    assert feed.token in page(client, cast.auditor, "timetable:cohort", cohort.pk)


# --- The desk -------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.administrator)
    return client


def form(days=5, **changes):
    day = timezone.localdate() + timedelta(days=days)
    fields = {
        "title": "接案与预估",
        "day": day.isoformat(),
        "start": "09:00",
        "end": "10:30",
        "mode": "on_site",
        "place": "示例市民政局",
        "room": "301",
        "is_required": "on",
    }
    return fields | changes


def add(cohort):
    return reverse("timetable:add", args=[cohort.pk])


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


# --- Leave and make-up classes ------------------------------------------------------------------------------------


def test_leave_stands_in_both_timetables_as_long_as_it_was_not_refused(client, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    klass = make_class(cohort)
    asked = ask_leave(klass=klass, enrolment=enrolment, actor=cast.trainee, reason="入户")
    both = ("lms:timetable-mine",), ("lms:timetable-enrolment", enrolment.pk)
    for name in both:
        assert "Leave asked for, not decided yet" in page(client, cast.trainee, *name)
    agree_request(request=asked, actor=cast.administrator)
    for name in both:
        shown = page(client, cast.trainee, *name)
        assert "Leave agreed" in shown
        assert "not decided yet" not in shown
    withdraw_request(request=asked, actor=cast.trainee)
    for name in both:
        assert "Leave agreed" not in page(client, cast.trainee, *name)


def test_the_class_in_which_one_is_made_up_stands_in_both_timetables(client, cohort, other, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    missed, instead = make_class(cohort, days=-1), make_class(other, days=2, title="补课的课", title_en="")
    let_make_up(klass=missed, instead=instead, enrolment=enrolment, actor=cast.administrator, reason="出差")
    for name in (("lms:timetable-mine",), ("lms:timetable-enrolment", enrolment.pk)):
        shown = page(client, cast.trainee, *name)
        assert "补课的课" in shown
        assert "Make-up class" in shown
        assert other.title in shown


def test_the_timetable_says_how_a_class_is_held_also_where_it_has_a_place(client, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, mode="both", link=LINK)
    shown = page(client, cast.trainee, "lms:timetable-mine")
    assert "Face to face and online" in shown
    assert "301" in shown


def test_whoever_has_leave_from_a_class_is_not_reminded_of_it(cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person)
    klass = make_class(cohort, days=3)
    asked = ask_leave(klass=klass, enrolment=enrolment, actor=cast.trainee, reason="入户")
    agree_request(request=asked, actor=cast.administrator)
    with time_machine.travel(klass.starts_at - timedelta(days=1), tick=False):
        remind_classes()
    told = Notice.objects.filter(kind="lms.class_tomorrow").values_list("user", flat=True)
    assert set(told) == {cast.other_trainee.pk}


def test_whose_camera_fails_finds_the_number_from_every_page_about_their_classes(client, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, days=3, instructor=cast.instructor.person)
    typed = f'href="{reverse("lms:attendance-type")}"'
    assert typed in page(client, cast.trainee, "lms:timetable-mine")
    assert typed in page(client, cast.trainee, "lms:timetable-enrolment", enrolment.pk)
    assert typed in page(client, cast.trainee, "lms:attendance-own", enrolment.pk)
    assert typed not in page(client, cast.instructor, "lms:timetable-mine")
    assert typed not in page(client, cast.trainee, "lms:timetable-mine", show="past")


# --- A class that is cancelled ------------------------------------------------------------------------------------


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
