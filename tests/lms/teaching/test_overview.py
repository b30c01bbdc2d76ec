"""The grid, the queue of marking, and what needs a teacher."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db.models import Value
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from lms.assignments.queries import waiting_in
from lms.models import Cohort
from lms.teaching.queries import (
    Cell,
    ToMark,
    sources,
    work_for,
)
from lms.teaching.queries.brought import assignments_to_mark
from tests.factories import (
    give_role,
    make_class,
    make_cohort,
    make_enrolment,
    make_submission,
    make_user,
)
from tests.lms.teaching.steps import at, enrol, make_running, page

pytestmark = pytest.mark.usefixtures("sources_kept")


def test_the_grid_shows_classes_and_says_that_nobody_counts_yet(teacher, corner):
    assert "还没有安排课次" in page(teacher, "grid", corner.cohort.pk)
    held = make_class(corner.cohort, -2)
    assert "还没有做过考勤" in page(teacher, "grid", corner.cohort.pk)
    sources.fill_grid_by(
        lambda cohort, ids: {(corner.idle.pk, held.pk): Cell("present", "到课", "90 分钟", "good")}
    )
    shown = page(teacher, "grid", corner.cohort.pk)
    assert "到课" in shown and "还没有做过考勤" not in shown
    assert f'href="{at("grid-sheet", corner.cohort.pk)}"' in shown


def test_the_grid_is_taken_out_whole_as_a_sheet_without_formulas_and_audited(teacher, corner):
    classes = [
        make_class(corner.cohort, number, title=f"=课{number}") for number in range(16)
    ]  # two pages of them
    optional = make_class(corner.cohort, 20, title="参观", is_required=False)
    enrol(corner.cohort, make_user("=1+1"))
    cell = Cell("present", "到课", "90 分钟", "good")
    sources.fill_grid_by(lambda cohort, ids: {(corner.idle.pk, classes[-1].pk): cell})
    book = openpyxl.load_workbook(io.BytesIO(teacher.get(at("grid-sheet", corner.cohort.pk)).content))
    lines = list(book.worksheets[0].iter_rows())
    assert {cell.data_type for line in lines for cell in line if cell.value is not None} == {"s"}
    heads = [cell.value for cell in lines[1]]
    starts = timezone.localtime(optional.starts_at)
    assert heads[:2] == ["姓名", "所在单位"]
    assert (len(heads), heads[-1]) == (19, f"参观 · {starts:%Y-%m-%d %H:%M} · 不计考勤")
    by_name = {line[0].value: line for line in lines[2:]}
    assert by_name["林小荷"][17].value == "到课 · 90 分钟"
    assert len(by_name) == 3 and "=1+1" in by_name
    assert AuditEntry.objects.get(action="lms.export_grid").data["after"] == {"people": 3}


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
