"""The instructor's desk: what it shows to whom, and what it costs."""

import io
from datetime import timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from lms.assignments.queries import waiting_in
from lms.enrolments.policy import Attended
from lms.enrolments.queries import completion
from lms.models import Attempt, Cohort, Contact, LessonProgress, RiskLimits
from lms.teaching import actions
from lms.teaching.queries import (
    Cell,
    Followed,
    GradeColumn,
    ToMark,
    at_risk_in,
    limits_of,
    own_reasons,
    sources,
    work_for,
)
from lms.teaching.queries.brought import assignments_to_mark
from lms.teaching.queries.grades import columns_for
from tests.factories import (
    give_role,
    make_class,
    make_cohort,
    make_enrolment,
    make_learned,
    make_submission,
    make_user,
    make_version,
)


@pytest.fixture(autouse=True)
def sources_kept(monkeypatch):
    """Whatever a test registers is gone after it."""
    monkeypatch.setattr(completion, "_SOURCES", {})
    for name in ("COUNTERS", "COLUMNS", "GRID", "MARKING", "FOLLOWED"):
        monkeypatch.setattr(sources, name, {})
        for module in ("overview", "grades", "paces", "work"):
            home = __import__(f"lms.teaching.queries.{module}", fromlist=["x"])
            if hasattr(home, name):
                monkeypatch.setattr(home, name, getattr(sources, name))


def make_running(tree, lessons=4, assignments=0, **fields):
    """A cohort in its middle: begun thirty days ago, seventy to go."""
    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=30), "ends_on": today + timedelta(days=70)}
    version = make_version(lessons=lessons, assignments=assignments)
    return make_cohort(tree["district"], version, **{"capacity": 200} | dates | fields)


def enrol(cohort, user, days_ago=30, **fields):
    return make_enrolment(cohort, user.person, decided_at=timezone.now() - timedelta(days=days_ago), **fields)


def read(enrolment, lessons, days_ago=0):
    when = timezone.now() - timedelta(days=days_ago)
    for lesson in enrolment.version.lessons.all()[:lessons]:
        LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, opened_at=when, completed_at=when)


def fail(enrolment, times):
    paper = enrolment.version.papers.get()
    for number in range(1, times + 1):
        fields = {"state": "submitted", "passed": False, "percent": 30, "finished_at": timezone.now()}
        Attempt.objects.create(enrolment=enrolment, paper=paper, number=number, **fields)


@pytest.fixture
def corner(tree, cast):
    cohort = make_running(tree)
    rows = SimpleNamespace(
        cohort=cohort, idle=enrol(cohort, cast.trainee), well=enrol(cohort, make_user("甲一"))
    )
    read(rows.well, 3)
    return rows


def at(name, *args, **query):
    return reverse(f"teaching:{name}", args=args, query=query)


def page(client, *args, **query):
    return client.get(at(*args, **query)).content.decode()


@pytest.fixture
def teacher(client, cast):
    client.force_login(cast.instructor)
    return client


# --- Who sees what ---------------------------------------------------------------------------------------------

PAGES = ("risk", "grades", "grades-sheet", "grid")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("instructor", True),
        ("administrator", True),
        ("city_administrator", True),
        ("auditor", True),
        ("outsider", False),
        ("finance", False),
    ],
)
def test_a_cohort_is_there_for_those_in_whose_tree_it_is(client, cast, corner, name, part, seen):
    client.force_login(getattr(cast, part))
    assert client.get(at(name, corner.cohort.pk)).status_code == (200 if seen else 404)


def test_a_trainee_never_reaches_the_desk(client, cast, corner):
    client.force_login(cast.trainee)
    for name in PAGES:
        assert client.get(at(name, corner.cohort.pk)).status_code in (302, 403, 404)
    assert client.get(at("index")).status_code in (302, 403, 404)


def test_an_instructor_of_another_district_sees_nothing(client, tree, corner):
    user = make_user("外区老师", tree["other_district"])
    give_role(user, "instructor", tree["other_district"])
    client.force_login(user)
    assert "春季班" not in page(client, "index")
    assert client.get(at("risk", corner.cohort.pk)).status_code == 404


def test_auditors_read_and_do_not_contact(client, cast, corner):
    client.force_login(cast.auditor)
    assert client.get(at("contact", corner.cohort.pk)).status_code == 404
    assert "checkbox" not in page(client, "risk", corner.cohort.pk)


# --- At risk ---------------------------------------------------------------------------------------------------


def found_in(cohort):
    return {
        row.enrolment_id: [reason.risk.value for reason in row.reasons]
        for row in at_risk_in([cohort])[cohort.pk]
    }


def test_each_is_at_risk_for_what_they_did_or_did_not(tree, corner):
    slow, failing = enrol(corner.cohort, make_user()), enrol(corner.cohort, make_user())
    read(slow, 1, days_ago=20)
    read(failing, 4)
    fail(failing, 2)
    assert found_in(corner.cohort) == {
        corner.idle.pk: ["not_started"],
        slow.pk: ["idle"],
        failing.pk: ["failed"],
    }


def test_the_gravest_come_first_and_who_has_completed_is_not_watched(corner, cast):
    failing = enrol(corner.cohort, make_user())
    fail(failing, 3)
    make_learned(enrol(corner.cohort, make_user(), state="completed"))
    rows = at_risk_in([corner.cohort])[corner.cohort.pk]
    assert [row.enrolment_id for row in rows] == [failing.pk, corner.idle.pk]


def test_what_was_done_in_an_older_version_counts_once(corner):
    newer = make_version(lessons=4, course=corner.cohort.version.course)
    for row in (corner.idle, corner.well):
        row.version = newer
        row.save()
    read(corner.well, 4)
    (row,) = at_risk_in([corner.cohort])[corner.cohort.pk]
    assert row.enrolment_id == corner.idle.pk


def test_a_lesson_that_only_another_version_has_does_not_count(corner):
    """Both versions are looked at together; a lesson of the longer one is no lesson of the shorter one."""
    rows, lessons = LessonProgress.objects.filter(enrolment=corner.well), corner.well.version.lessons.all()
    rows.filter(lesson=lessons[0]).update(lesson=lessons[3], completed_at=timezone.now())
    shorter = make_version(lessons=3, quizzes=0, course=corner.cohort.version.course)
    corner.well.version = shorter
    corner.well.save()
    columns = columns_for(corner.cohort, [corner.idle, corner.well])
    done = next(column for column in columns if column.key == "done")
    assert done.cells[corner.well.pk].note == "2/3"
    assert done.cells[corner.idle.pk].note == "0/5"


def test_the_nearest_limits_hold(tree, corner, cast):
    RiskLimits.objects.create(organisation=tree["city"], not_started_days=60)
    assert found_in(corner.cohort) == {}
    RiskLimits.objects.create(organisation=tree["district"], not_started_days=30)
    assert found_in(corner.cohort) == {corner.idle.pk: ["not_started"]}
    limited = limits_of([tree["station"], tree["other_station"]])
    assert limited[tree["station"].pk].organisation == tree["district"]
    assert limited[tree["other_station"].pk].organisation == tree["city"]


def test_classes_missed_in_a_row_are_counted_by_whoever_registers(corner):
    sources.follow_classes_by(lambda ids: dict.fromkeys(ids, Followed(3)))
    assert found_in(corner.cohort)[corner.well.pk] == ["missed"]


def test_whoever_was_in_a_class_has_begun(corner):
    now = timezone.now()
    was_there = {corner.idle.pk: Followed(last_there=now - timedelta(days=2))}
    sources.follow_classes_by(lambda ids: was_there)
    assert found_in(corner.cohort) == {corner.idle.pk: ["behind"]}
    was_there[corner.idle.pk] = Followed(last_there=now - timedelta(days=20))
    assert found_in(corner.cohort) == {corner.idle.pk: ["idle", "behind"]}


def test_the_list_shows_attendance_once_somebody_counts_it(teacher, corner):
    assert "67%" not in page(teacher, "risk", corner.cohort.pk)
    completion.count_by("attendance", lambda ids: {pk: Attended(240, 2, 3) for pk in ids})
    assert "67% · 2/3" in page(teacher, "risk", corner.cohort.pk)


def test_the_list_says_why_and_filters_by_reason(teacher, corner):
    shown = page(teacher, "risk", corner.cohort.pk)
    assert "林小荷" in shown and "甲一" not in shown
    assert "开班 30 天还没有开始学习" in shown
    assert "林小荷" in page(teacher, "risk", corner.cohort.pk, reason="not_started")
    assert "林小荷" in page(teacher, "risk", corner.cohort.pk, reason="nonsense")
    fail(enrol(corner.cohort, make_user("乙二")), 3)
    only = page(teacher, "risk", corner.cohort.pk, reason="no_attempts")
    assert "乙二" in only and "林小荷" not in only


def test_the_trainee_reads_a_kind_version(client, cast, corner):
    client.force_login(cast.trainee)
    shown = client.get(reverse("lms:enrolment-progress", args=[corner.idle.pk])).content.decode()
    assert "第一课在等你" in shown
    corner.well.refresh_from_db()
    assert own_reasons(corner.well) == ()


# --- Limits ----------------------------------------------------------------------------------------------------

VALUES = {
    "not_started_days": 3,
    "idle_days": 10,
    "behind_points": 20,
    "failed_times": 2,
    "missed_in_row": 2,
    "deadline_days": 7,
    "deadline_missing": 40,
}


def test_an_administrator_sets_the_limits_and_a_teacher_reads_them(client, cast, tree, corner):
    address = at("limits", tree["district"].pk)
    client.force_login(cast.instructor)
    assert client.get(address).status_code == 200
    assert client.post(address, VALUES).status_code == 404
    client.force_login(cast.administrator)
    assert client.post(address, VALUES).status_code == 302
    assert client.post(address, {**VALUES, "idle_days": "9999"}).status_code == 200
    row = RiskLimits.objects.get()
    assert (row.organisation, row.not_started_days) == (tree["district"], 3)
    assert AuditEntry.objects.filter(action="lms.save_risk_limits").count() == 1
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404


# --- Getting in touch ------------------------------------------------------------------------------------------


def reach(client, enrolment, seen=0, way="notice", note="需要帮忙吗？"):
    return client.post(
        at("contact", enrolment.cohort_id),
        {"to": f"{enrolment.pk}:{seen}", "way": way, "message": note, "note": note},
        follow=True,
    )


def test_a_message_reaches_the_trainee_and_is_noted(teacher, cast, corner):
    shown = teacher.get(at("contact", corner.cohort.pk, to=f"{corner.idle.pk}:0")).content.decode()
    assert "林小荷" in shown and "第一课在等你" in shown
    reach(teacher, corner.idle)
    contact = Contact.objects.get()
    assert (contact.by, contact.way, contact.risks) == (cast.instructor, "notice", ["not_started"])
    notice = Notice.objects.get(user=cast.trainee)
    assert notice.values["text"] == "需要帮忙吗？"
    assert AuditEntry.objects.filter(action="lms.contact_trainee").count() == 1
    assert "曾可" in page(teacher, "risk", corner.cohort.pk)
    assert "林小荷" not in page(teacher, "risk", corner.cohort.pk, untouched=1)


def test_a_talk_is_noted_and_sends_nothing(teacher, cast, corner):
    reach(teacher, corner.idle, way="phone", note="本周请假照顾家人")
    assert Contact.objects.get().note == "本周请假照顾家人"
    assert not Notice.objects.filter(user=cast.trainee).exists()


def test_a_talk_is_never_noted_with_the_message_that_was_prepared(teacher, corner):
    enrolment = corner.people["silent"] if isinstance(getattr(corner, "people", None), dict) else None
    enrolment = enrolment or corner.cohort.enrolments.filter(state="enrolled").first()
    data = {"to": f"{enrolment.pk}:0", "way": "phone", "message": "你好，最近好吗？", "note": ""}
    answer = teacher.post(at("contact", corner.cohort.pk), data)
    assert answer.context["form"].errors.keys() == {"note"}
    assert not Contact.objects.exists()


def test_everybody_on_the_list_is_ticked_at_once(teacher, corner):
    assert "checked" not in page(teacher, "risk", corner.cohort.pk)
    assert page(teacher, "risk", corner.cohort.pk, tick="all").count("checked") == 1


def test_the_desk_begins_with_what_runs_and_ends_with_what_is_over(teacher, tree, corner):
    today = timezone.localdate()
    over = make_running(tree, title="结束了", ends_on=today - timedelta(days=2))
    enrol(over, make_user())
    make_running(tree, title="没有人")
    make_running(tree, title="将开班", starts_on=today + timedelta(days=9))
    enrol(corner.cohort.__class__.objects.get(title="将开班"), make_user())
    titles = [row.title for row in teacher.get(at("index")).context["cohorts"]]
    assert titles == [corner.cohort.title, "将开班", "没有人", "结束了"]


def test_of_two_teachers_the_second_hears_of_the_first(client, cast, corner):
    client.force_login(cast.instructor)
    reach(client, corner.idle)
    client.force_login(cast.administrator)
    answer = reach(client, corner.idle)
    assert "曾可" in answer.content.decode()
    assert Contact.objects.count() == 1
    reach(client, corner.idle, seen=1)
    assert list(Contact.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


def test_nonsense_contacts_nobody(teacher, corner, tree):
    other = make_enrolment(make_cohort(tree["other_district"]), make_user().person)
    for value in ("", "x", "1:", ":0", f"{other.pk}:0", "9" * 30 + ":0", f"{corner.idle.pk}:{'9' * 12}"):
        answer = teacher.post(
            at("contact", corner.cohort.pk), {"to": value, "way": "notice", "message": "好"}
        )
        assert answer.status_code == 302
    assert not Contact.objects.exists()


def test_an_empty_note_is_asked_for_again(teacher, corner):
    assert reach(teacher, corner.idle, note=" ").status_code == 200
    assert not Contact.objects.exists()
    with pytest.raises(actions.NotPossible):
        actions.contact_trainee(
            enrolment=corner.idle, actor=corner.idle.person.user, way="notice", note="  ", seen=0
        )


def test_whoever_has_left_is_not_contacted(corner, cast):
    corner.idle.state = "withdrawn"
    corner.idle.save()
    with pytest.raises(actions.NotPossible):
        actions.contact_trainee(enrolment=corner.idle, actor=cast.instructor, way="phone", note="x", seen=0)


# --- Gradebook -------------------------------------------------------------------------------------------------


def test_the_gradebook_shows_best_scores_and_sorts_by_any_column(teacher, corner, cast):
    fail(corner.idle, 2)
    key = corner.cohort.version.papers.get().key
    shown = page(teacher, "grades", corner.cohort.pk)
    assert "30%" in shown and "2 次" in shown and "3/5" in shown
    order = page(teacher, "grades", corner.cohort.pk, sort="-done")
    assert order.index("甲一") < order.index("林小荷")
    order = page(teacher, "grades", corner.cohort.pk, sort=f"quiz-{key}")
    assert order.index("林小荷") < order.index("甲一")
    assert "甲一" in page(
        teacher, "grades", corner.cohort.pk, sort="nonsense", q="jiayi".replace("jiayi", "甲")
    )
    assert "林小荷" not in page(teacher, "grades", corner.cohort.pk, q="甲")


def test_who_reads_english_reads_english_titles(teacher, tree):
    cohort = make_running(tree, title="夜间班", title_en="Evening cohort")
    shown = teacher.get(at("grades", cohort.pk), headers={"accept-language": "en"}).content.decode()
    assert "Gradebook · Evening cohort" in shown


def test_what_is_done_is_rounded_in_the_gradebook_and_the_list_alike(teacher, tree):
    cohort = make_running(tree, lessons=2)
    row = enrol(cohort, make_user("丙三"))
    read(row, 2, days_ago=20)
    assert "67%" in page(teacher, "grades", cohort.pk) and "67%" in page(teacher, "risk", cohort.pk)


def test_one_s_own_row_is_marked(client, cast, corner):
    enrol(corner.cohort, cast.instructor)
    client.force_login(cast.instructor)
    assert "is-own" in page(client, "grades", corner.cohort.pk)


def test_other_features_add_columns(teacher, corner):
    sources.grade_by(
        "assignments",
        lambda cohort, ids: [
            GradeColumn("work-1", "个案报告", {pk: Cell(88, "88", tone="good") for pk in ids})
        ],
    )
    shown = page(teacher, "grades", corner.cohort.pk, sort="-work-1")
    assert "个案报告" in shown and "88" in shown


def test_attendance_is_a_column_once_somebody_counts_it(teacher, corner):
    assert "3/4" not in page(teacher, "grades", corner.cohort.pk)
    completion.count_by(
        "attendance", lambda ids: {corner.idle.pk: Attended(270, 3, 4), corner.well.pk: Attended()}
    )
    shown = page(teacher, "grades", corner.cohort.pk, sort="-attendance")
    assert "75%" in shown and "3/4" in shown
    assert shown.index("林小荷") < shown.index("甲一")


def test_the_sheet_holds_everybody_with_numbers_and_is_audited(teacher, cast, corner):
    fail(corner.idle, 2)
    book = openpyxl.load_workbook(io.BytesIO(teacher.get(at("grades-sheet", corner.cohort.pk)).content))
    lines = [list(line) for line in book.worksheets[0].iter_rows(values_only=True)]
    assert any("结业日期" in line for line in lines)
    assert lines[1][:4] == ["姓名", "所在单位", "状态", "完成 (%)"]
    by_name = {line[0]: line for line in lines[2:]}
    assert by_name["林小荷"][3:6] == [0, 30, 2]
    assert by_name["甲一"][3:6] == [60, None, 0]
    assert AuditEntry.objects.get(action="lms.export_gradebook").data["after"] == {"people": 2}


def test_the_sheet_says_what_waits_for_a_mark_as_the_page_does(teacher, corner):
    waiting = {corner.idle.pk: Cell(None, "待批阅", tone="wait")}
    sources.grade_by("assignments", lambda cohort, ids: [GradeColumn("assignment-1", "案例", waiting)])
    book = openpyxl.load_workbook(io.BytesIO(teacher.get(at("grades-sheet", corner.cohort.pk)).content))
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    place = lines[1].index("案例")
    assert {line[0]: line[place] for line in lines[2:]} == {"林小荷": "待批阅", "甲一": None}


# --- Grid, marking, overview -----------------------------------------------------------------------------------


def test_the_grid_shows_classes_and_says_that_nobody_counts_yet(teacher, corner):
    assert "还没有安排课次" in page(teacher, "grid", corner.cohort.pk)
    held = make_class(corner.cohort, -2)
    assert "还没有做过考勤" in page(teacher, "grid", corner.cohort.pk)
    sources.fill_grid_by(
        lambda cohort, ids: {(corner.idle.pk, held.pk): Cell("present", "到课", "90 分钟", "good")}
    )
    shown = page(teacher, "grid", corner.cohort.pk)
    assert "到课" in shown and "还没有做过考勤" not in shown


def test_the_queue_takes_the_oldest_first_and_filters_by_cohort(teacher, corner, tree):
    now = timezone.now()
    other = make_running(tree, title="夜间班")
    sources.mark_by(
        "assignments",
        lambda ids: [
            ToMark("新的", "匿名 2", corner.cohort.pk, now - timedelta(hours=1), "/new/"),
            ToMark("旧的", "匿名 1", other.pk, now - timedelta(days=3), "/old/"),
        ],
        waiting_in,
    )
    shown = page(teacher, "marking")
    assert shown.index("旧的") < shown.index("新的")
    assert 'class="button" href="/old/?queue=all"' in shown
    only = page(teacher, "marking", cohort=corner.cohort.pk)
    assert "新的" in only and "旧的" not in only
    assert teacher.get(at("marking", cohort="x")).status_code == 200


def test_the_desk_says_how_much_waits_for_a_mark(teacher, corner, tree):
    sources.mark_by("assignments", assignments_to_mark, waiting_in)
    assert "待批阅 0" in page(teacher, "index")
    day, night = (make_running(tree, assignments=1, title=title) for title in ("日间班", "夜间班"))
    for cohort, number in ((day, 2), (night, 1)):
        for _each in range(number):
            make_submission(enrol(cohort, make_user()), "submitted")
    shown = page(teacher, "index")
    assert "待批阅 3" in shown
    assert f'{at("marking", cohort=day.pk)}"><strong>2</strong> 份待批阅' in shown
    assert f'{at("marking", cohort=night.pk)}"><strong>1</strong> 份待批阅' in shown


def test_of_what_an_instructor_also_administers_only_their_own_cohorts_wait_for_their_mark(
    teacher, cast, tree, corner
):
    sources.mark_by("assignments", assignments_to_mark, waiting_in)
    give_role(cast.instructor, "administrator", tree["other_district"])
    taught = make_running(tree, assignments=1, title="自己教的")
    led = make_cohort(tree["other_district"], taught.version, title="只管理的")
    gone = make_cohort(tree["district"], taught.version, title="取消了的", cancelled_at=timezone.now())
    mine, _other, _late = [
        make_submission(enrol(cohort, make_user()), "submitted") for cohort in (taught, led, gone)
    ]
    (work,) = [work for work in work_for(cast.instructor) if work.kind == "marking"]
    assert (work.count, work.cohort) == (1, "自己教的")
    everything = teacher.get(at("marking"))
    assert len(everything.context["rows"]) == 3 and "?mine=1" in everything.content.decode()
    shown = teacher.get(at("marking", mine=1))
    assert [title for _item, title in shown.context["rows"]] == ["自己教的"]
    address = reverse("assignments:mark", args=[mine.pk], query={"queue": "mine"})
    assert f'class="button" href="{address}"' in shown.content.decode()
    marked = teacher.post(address, {"verdict": "pass", "score": "90", "comment": ""})
    assert marked["Location"] == at("marking", mine=1)


def test_the_overview_counts_what_needs_me_and_links_to_it(teacher, corner, tree):
    klass = make_class(corner.cohort, 2)
    make_enrolment(corner.cohort, make_user().person, "applied")

    def seven(ids):
        return Cohort.objects.filter(pk__in=ids).values_list("pk").annotate(number=Value(7))

    sources.count_at_desk("questions", "待回答", seven, "talk:questions")
    shown = page(teacher, "index")
    assert (
        f'href="{reverse("talk:questions", args=[corner.cohort.pk])}"' in shown
        and "<strong>7</strong>" in shown
    )
    assert f'href="{at("risk", corner.cohort.pk)}"' in shown
    assert "接案与预估" in shown
    assert f'href="{reverse("attendance:register", args=[klass.pk])}"' in shown


def test_an_old_cohort_leaves_the_desk_and_is_found_again(teacher, tree, corner):
    today = timezone.localdate()
    make_running(
        tree, title="去年班", starts_on=today - timedelta(days=90), ends_on=today - timedelta(days=60)
    )
    assert "去年班" not in page(teacher, "index")
    assert "去年班" in page(teacher, "index", all=1)


# --- What it costs ---------------------------------------------------------------------------------------------

COSTS = {"index": 13, "risk": 13, "grades": 12, "grid": 12, "marking": 8}


@pytest.mark.parametrize("name", COSTS)
def test_one_row_and_many_cost_the_same(
    teacher, cast, tree, corner, name, django_capture_on_commit_callbacks
):
    def cost():
        address = at(name) if name in ("index", "marking") else at(name, corner.cohort.pk)
        with django_capture_on_commit_callbacks(execute=True):  # the versions are kept in the process
            assert teacher.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            teacher.get(address)
        return len(captured)

    def add(number):
        for place in range(number):
            row = enrol(corner.cohort, make_user(f"学员{place}", tree["station"]))
            make_class(corner.cohort, place + number)  # on days of their own
            read(row, place % 3, days_ago=20)
            fail(row, place % 4)
            Contact.objects.create(enrolment=row, number=1, by=cast.instructor, way="phone", note="x")
            make_running(tree, title=f"班{place}")

    add(2)
    few = cost()
    add(8)
    assert (few, cost()) == (COSTS[name], COSTS[name])


def test_the_sheet_of_many_costs_as_little(teacher, tree, corner):
    for number in range(30):
        enrol(corner.cohort, make_user(f"学员{number}"))
    teacher.get(at("grades-sheet", corner.cohort.pk))
    with CaptureQueriesContext(connection) as captured:
        teacher.get(at("grades-sheet", corner.cohort.pk))
    assert len(captured) <= 15
