"""Whoever takes rows out of the site reads beforehand that it is recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOLD = "core/ui/desk_recorded.html"
# A page of the admin from which rows are taken out, and the address that gives them.
WAYS = {
    "core/templates/core/imports/admin/progress.html": "imports:wrong",
    "credentials/templates/credentials/claims/desk/index.html": "format=xlsx",
    "credentials/templates/credentials/hours/admin/people.html": "format=xlsx",
    "lms/templates/lms/analysis/admin/report.html": "analysis:download",
    "lms/templates/lms/questions/admin/export.html": "questions:download",
    "lms/templates/lms/surveys/admin/results.html": "cohort-surveys:download",
    "lms/templates/lms/teaching/grades.html": "teaching:grades-sheet",
    "lms/templates/lms/teaching/grid.html": "teaching:grid-sheet",
    "supervision/templates/supervision/matching/admin/results.html": "rounds:export",
    "supervision/templates/supervision/reports/admin/statement.html": "supervision_allowances:xlsx",
}
GIVES = re.compile(r"format=xlsx|url \"[^\"]*(-sheet|:export|_allowances:xlsx|:download|:wrong)\"")
OWN_DATA = "core/templates/core/people/profile.html"  # somebody's own
# Pages that say it in a sentence of their own, beside what else it is about.
OWN_WORDS = {"credentials/templates/credentials/payments/admin/batch.html": "written into the audit"}


@pytest.mark.parametrize("page", [*WAYS, *OWN_WORDS])
def test_a_page_from_which_rows_are_taken_out_says_that_it_is_recorded(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert WAYS.get(page, "") in text
    assert OWN_WORDS.get(page, TOLD) in text


def test_no_other_page_of_the_admin_gives_a_table_away() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.glob("*/templates/**/*.html")
        if GIVES.search(path.read_text(encoding="utf-8"))
    }
    assert found == {*WAYS, OWN_DATA}
