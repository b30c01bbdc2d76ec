"""The gradebook, on the page and as a sheet."""

import io

import openpyxl
import pytest

from core.models import AuditEntry
from lms.enrolments.policy import Attended
from lms.enrolments.queries import completion
from lms.teaching.queries import (
    Cell,
    GradeColumn,
    sources,
)
from tests.factories import (
    make_user,
)
from tests.lms.teaching.steps import at, enrol, fail, make_running, page, read

pytestmark = pytest.mark.usefixtures("sources_kept")


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
