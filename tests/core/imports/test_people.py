"""Tables of people: every wrong row is named, the right ones become accounts, and nothing is taken over twice."""

from __future__ import annotations

import pytest
from django.utils import translation

from core.imports.states import ImportState, Outcome
from core.models import AuditEntry, Person, User
from tests.core.imports.conftest import GOOD, counts, wrong


def test_right_rows_become_accounts_with_everything_that_stands_in_them(sent, tree):
    sheet = sent(*GOOD)
    assert (sheet.state, counts(sheet)) == (ImportState.DONE, {"applied": 3})
    person = Person.objects.get(name="林䶮")
    assert (person.user.phone, person.employer, person.practice_started_on.isoformat()) == (
        "13800138001",
        tree["station"],
        "2021-09-01",
    )
    assert [field.name for field in person.fields.all()] == ["社区建设"]
    assert person.pinyin and person.name_search
    assert not person.user.has_mail and not person.user.has_usable_password()
    other = User.objects.get(email="zhuge@example.com")
    assert (other.person.id_number, other.person.employer) == ("120199199003071011", tree["district"])


def test_the_same_table_again_changes_nothing(sent):
    sent(*GOOD)
    before = (User.objects.count(), Person.objects.count(), AuditEntry.objects.count())
    again = sent(*GOOD)
    assert (again.state, counts(again)) == (ImportState.CHECKED, {"known": 3})
    after = (User.objects.count(), Person.objects.count(), AuditEntry.objects.count())
    assert after == (*before[:2], before[2] + 1)  # only that it was sent


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("", "13800138003", "", "", "", "", ""), "姓名"),
        (("=cmd", "13800138003", "", "", "", "", ""), "姓名"),
        (("林一", "", "", "", "", "", ""), "手机号"),
        (("林一", "12800138003", "", "", "", "", ""), "手机号"),
        (("林一", "", "no address", "", "", "", ""), "邮箱"),
        (("林一", "13800138003", "", "120199199003071012", "", "", ""), "证件号码"),
        (("林一", "13800138003", "", "", "不存在的单位", "", ""), "单位"),
        (("林一", "13800138003", "", "", "河东区新街社工站", "", ""), "单位"),  # of another district
        (("林一", "13800138003", "", "", "", "占星", ""), "服务领域"),
        (("林一", "13800138003", "", "", "", "", "昨天"), "从业起始日期"),
        (("林一", "13800138003", "", "", "", "", "2199-01-01"), "从业起始日期"),
        (("林一", "13800138003", "", "", "", "", "9" * 30 + "-01"), "从业起始日期"),
        (("林一", "13800138001", "", "", "", "", ""), "手机号"),  # stands in row 2 already
    ],
)
def test_a_wrong_row_is_named_with_its_column_and_the_rest_goes_on(sent, row, column):
    sheet = sent(GOOD[0], row, GOOD[2])
    assert wrong(sheet) == [(3, column)]
    assert all(sheet.lines.filter(outcome=Outcome.WRONG).values_list("message", flat=True))
    assert counts(sheet) == {"applied": 2, "wrong": 1}


def test_everything_that_is_wrong_in_a_row_is_named_at_once_with_what_is_allowed(sent):
    sheet = sent(("", "128", "no address", "1", "不存在的单位", "占星、社区建设、看相", "昨天"))
    line = sheet.lines.get()
    columns = ["姓名", "手机号", "邮箱", "单位", "服务领域", "从业起始日期", "证件号码"]
    assert line.column == "、".join(columns)
    assert all(f"{column}：" in line.message for column in columns)
    assert "占星、看相" in line.message
    sheet = sent(("林一", "13800138001", "", "", "", "占星", ""))
    assert sheet.lines.get().message.endswith("社区建设。")  # the only field there is


def test_what_may_be_written_is_listed_once_in_a_table(sent):
    first, second = (
        ("林一", "13800138001", "", "", "", "占星", ""),
        ("林二", "13800138002", "", "", "", "看相", ""),
    )
    said = list(sent(first, second).lines.values_list("message", flat=True))
    assert "社区建设" in said[0]
    assert "看相" in said[1] and "社区建设" not in said[1] and "第 2 行" in said[1]


def test_a_number_of_somebody_with_another_name_is_refused(sent, cast):
    cast.trainee.phone = "13800138009"
    cast.trainee.save()
    sheet = sent(
        ("别人", "13800138009", "", "", "", "", ""),
        (cast.trainee.person.name, "13800138009", "", "", "", "", ""),
    )
    assert wrong(sheet) == [(2, "手机号"), (3, "手机号")]  # the second stands there twice
    sheet = sent((cast.trainee.person.name, "13800138009", "", "", "", "", ""))
    assert counts(sheet) == {"known": 1}


def test_outside_ones_own_tree_every_account_gets_the_same_answer(sent, cast):
    """Neither whose number it is, nor whether name and number belong together, nor who has an ID number."""
    stranger, bare = cast.outside_trainee, cast.trainee
    for user, phone, id_number in (
        (stranger, "13800138009", "120199199003071011"),
        (bare, "13800138008", ""),
    ):
        user.phone = phone
        user.save()
        user.person.set_id_number("resident_id" if id_number else "", id_number)
        user.person.employer = stranger.person.employer if user is stranger else None
        user.person.save()
    own = stranger.person.name
    sheet = sent(
        (own, "13800138009", "", "120199199003071011", "", "", ""),
        ("别人", "", stranger.email, "", "", "", ""),
        ("别人", "13800138008", "", "", "", "", ""),
    )
    assert wrong(sheet) == [(2, "手机号"), (3, "邮箱"), (4, "手机号")]
    assert len(set(sheet.lines.values_list("message", flat=True))) == 1
    sheet = sent((own, "13800138007", "", "120199199003071011", "", "", ""))
    assert counts(sheet) == {"applied": 1}
    made = Person.objects.get(user_id=sheet.lines.get().subject_id)
    assert (made.id_hash, stranger.person.id_number) == (None, "120199199003071011")
    assert counts(sent((own, "13800138007", "", "120199199003071011", "", "", ""))) == {"known": 1}


def test_in_one_day_only_so_many_rows_are_checked_for_one_person(sent, monkeypatch):
    monkeypatch.setattr("core.imports.actions.CHECKED_A_DAY", 4)
    assert sent(*GOOD, take=False).state == ImportState.CHECKED
    refused = sent(*GOOD, take=False)
    assert (refused.state, refused.lines.count()) == (ImportState.REFUSED, 0)
    assert "4" in refused.problem


def test_numbers_of_two_accounts_in_one_row_are_refused(sent):
    sent(*GOOD)
    sheet = sent(("林䶮", "13800138001", "amt@example.com", "", "", "", ""))
    assert wrong(sheet) == [(2, "手机号")]


def test_what_is_wrong_is_read_in_the_readers_language_whoever_sent_it(sent):
    sheet = sent(("", "128", "no address", "1", "不存在的单位", "占星", "昨天"))
    line = sheet.lines.get()
    with translation.override("en"):
        assert line.column_here.startswith("Name, ") and "E-mail" in line.column_here
        assert "E-mail: This is no e-mail address. Check it again." in line.message_here
        assert "邮箱" not in line.column_here + line.message_here
    assert line.column_here.startswith("姓名、") and "邮箱：" in line.message_here
    line.column_en = line.message_en = ""  # as rows from before have it
    with translation.override("en"):
        assert line.message_here == line.message and line.column_here == line.column


def test_a_sender_who_reads_english_leaves_chinese_for_who_reads_chinese(sent):
    with translation.override("en"):
        line = sent(("林一", "", "no address", "", "", "", "")).lines.get()
    assert line.column_here == "邮箱" and "格式" in line.message_here
