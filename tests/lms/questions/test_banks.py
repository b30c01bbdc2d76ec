"""Banks: what is written, corrected and taken over, once; and what the desk shows of it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.imports.actions import ImportRefused, apply_import
from core.imports.models import SheetImport
from core.imports.queries import counts_of
from core.jobs.actions import run_job
from core.models import AuditEntry, User
from core.states import IllegalMove
from lms.models import BankQuestion, KnowledgePoint, QuestionBank, QuestionRevision
from lms.questions import actions
from lms.questions.formats import FORMATS
from lms.questions.forms import OF_ALL, SHAPES, QuestionForm, initial_of
from lms.questions.policy import Accepted, Blank, Kind, Part, Question, question_from, true_or_false
from lms.questions.queries import content_of_revision, question_of_row, questions_at
from tests.factories import make_bank, make_bank_question
from tests.lms.questions.making import a_single

GIFT = "社会工作的第一步?{=接案 ~预估}\n\n哪个?{=甲 =乙 ~丙}\n\n小组工作有几个阶段?{#5}\n"


@pytest.fixture
def bank(tree, cast):
    return actions.open_bank(
        organisation=tree["district"], code="mock", title="练习题库", actor=cast.administrator
    )


def test_a_new_bank_has_the_subjects_and_chapters_of_the_national_examination(bank):
    subjects = KnowledgePoint.objects.filter(bank=bank, depth=1)
    assert [point.title for point in subjects] == ["社会工作综合能力", "社会工作实务", "社会工作法规与政策"]
    assert KnowledgePoint.objects.filter(parent__in=subjects).count() > 30
    assert AuditEntry.objects.filter(action="lms.open_bank").exists()


def test_a_correction_is_another_revision_and_the_old_one_stays(bank, cast):
    row = actions.add_question(bank=bank, question=a_single(), actor=cast.instructor)
    first = row.revisions.get()
    actions.correct_question(row=row, question=a_single(right="B"), actor=cast.instructor, reason="答案有误")
    row.refresh_from_db()
    assert row.number == 2 and question_of_row(row).correct == ("B",)
    assert question_from(content_of_revision(first.pk)).correct == ("A",)
    with pytest.raises(actions.QuestionRefused):
        actions.correct_question(row=row, question=a_single(right="B"), actor=cast.instructor)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionRevision.objects.filter(pk=first.pk).update(reason="改写")


def test_the_same_question_a_faulty_one_and_a_taken_key_are_refused(bank, cast):
    actions.add_question(bank=bank, question=a_single(key="Q-1"), actor=cast.instructor)
    for wrong in (a_single(), a_single("另一题", key="Q-1"), a_single("两个", correct=("A", "B"))):
        with pytest.raises(actions.QuestionRefused):
            actions.add_question(bank=bank, question=wrong, actor=cast.instructor)
    assert BankQuestion.objects.count() == 1


def test_papers_draw_what_is_in_use_at_a_point_or_below_it(bank, cast):
    path = ("社会工作实务", "儿童社会工作")
    drawn = actions.add_question(bank=bank, question=a_single(point=(*path, "收养")), actor=cast.instructor)
    actions.add_question(bank=bank, question=a_single("草稿", point=path), actor=cast.instructor)
    actions.use_question(row=drawn, actor=cast.instructor)
    with pytest.raises(IllegalMove):
        actions.use_question(row=BankQuestion.objects.get(pk=drawn.pk), actor=cast.instructor)
    subject, other = bank.points.get(path="社会工作实务"), bank.points.get(path="社会工作综合能力")
    assert list(questions_at(bank, points=[subject], difficulty="medium", kind="single")) == [drawn]
    assert not questions_at(bank, points=[other]).exists()
    actions.retire_question(row=BankQuestion.objects.get(pk=drawn.pk), actor=cast.instructor)
    assert not questions_at(bank).exists()


def send(bank, user, name="题.gift", text=GIFT, chosen="gift", **options):
    upload = SimpleUploadedFile(name, text.encode())
    sheet = actions.send_questions(
        bank=bank, upload=upload, chosen=FORMATS[chosen], all_or_none=False, actor=user, **options
    )
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    return sheet


def test_a_file_is_checked_first_and_taken_over_by_a_second_act_and_twice_makes_nothing_twice(bank, cast):
    sheet = send(bank, cast.administrator)
    assert counts_of(sheet) == {"new": 2, "known": 0, "wrong": 1, "applied": 0}
    assert "A, B" in sheet.lines.get(outcome="wrong").message
    assert not BankQuestion.objects.exists()
    apply_import(sheet=sheet, actor=cast.administrator)
    sheet.refresh_from_db()
    run_job(sheet.job.pk)
    assert sorted(BankQuestion.objects.values_list("key", "state")) == [
        ("Q00001", "in_use"),
        ("Q00002", "in_use"),
    ]
    assert AuditEntry.objects.filter(action="lms.import_questions").count() == 1
    assert counts_of(send(bank, cast.administrator)) == {"new": 0, "known": 2, "wrong": 1, "applied": 0}


def test_another_answer_to_the_same_question_is_wrong_until_somebody_has_decided(bank, cast):
    send_first = send(bank, cast.administrator, text="社会工作的第一步?{=接案 ~预估}")
    apply_import(sheet=send_first, actor=cast.administrator)
    send_first.refresh_from_db()
    run_job(send_first.job.pk)
    sheet = send(
        bank, cast.administrator, text="社会工作的第一步?{~接案 =预估}\n\n社会工作的第一步{=接案 ~预估}"
    )
    assert [line.outcome for line in sheet.lines.all()] == ["wrong", "known"]


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(bank, cast):
    sheet = send(bank, cast.administrator, text="\u0000" * 50)
    assert sheet.state == "refused" and sheet.problem


def test_the_command_takes_over_into_a_bank_once(bank, tmp_path, capsys):
    file = tmp_path / "题.gift"
    file.write_text(GIFT, encoding="utf-8")

    def run(*more):
        with pytest.raises(SystemExit) as ended:
            call_command("import_questions", str(file), "--json", *more)
        return ended.value.code, capsys.readouterr().out

    assert run("--bank", "mock", "--dry-run")[0] == 1 and not BankQuestion.objects.exists()
    code, out = run("--bank", "mock")
    assert code == 1 and json.loads(out)["counts"]["taken"] == 2
    assert json.loads(run("--bank", "mock")[1])["counts"]["duplicate"] == 2
    assert BankQuestion.objects.count() == 2
    assert run("--bank", "none")[0] == 2


@pytest.mark.parametrize(
    "question",
    [
        a_single(),
        Question(
            "",
            Kind.FILL_IN,
            "先____后____",
            blanks=(Blank((Accepted("接案"),)), Blank((Accepted("预估"), Accepted("评估")))),
        ),
        Question(
            "",
            Kind.CASE,
            "材料",
            points=20,
            parts=(Part("A", "问一|二", 8, Kind.ESSAY, "答\n二行"), Part("B", "问二", 12)),
        ),
        Question("", Kind.SHORT, "简述", model="要点"),
        Question("", Kind.SHORT, "简称?", answers=(Accepted("社工"),), model="要点"),
        Question(
            "", Kind.CASE, "材料", points=8, parts=(Part("A", "问", 8, Kind.ESSAY, "答"),), model="总评"
        ),
        Question("", Kind.TRUE_FALSE, "社区。", choices=true_or_false("正确", "错误"), correct=("true",)),
    ],
)
def test_the_form_of_a_question_makes_the_same_question_again(question):
    from decimal import Decimal

    question = replace(
        question,
        points=Decimal(question.points),
        parts=tuple(replace(p, points=Decimal(p.points)) for p in question.parts),
    )
    form = QuestionForm(initial_of(question) | {"reason": ""}, was=question)
    assert form.is_valid(), form.errors
    assert form.question == question


class TestDesk:
    def test_a_question_is_written_with_its_errors_at_their_fields_and_nothing_lost(self, client, cast, bank):
        client.force_login(cast.instructor)
        url = reverse("questions:write", args=[bank.pk])
        data = {
            "kind": "single",
            "prompt": "第一步?",
            "choices": "接案\n接案",
            "answer": "AB",
            "difficulty": "easy",
            "points": "1",
        }
        page = client.post(url, data)
        assert page.status_code == 200 and set(page.context["form"].errors) == {"choices", "answer"}
        assert "第一步?" in page.content.decode()
        answer = client.post(url, data | {"choices": "接案\n预估", "answer": "A"})
        row = BankQuestion.objects.get()
        assert answer.url == reverse("questions:question", args=[row.pk]) and row.state == "draft"
        assert "接案" in client.get(answer.url).content.decode()
        client.post(reverse("questions:use", args=[row.pk]))
        row.refresh_from_db()
        assert row.state == "in_use"

    def test_the_kind_is_chosen_first_and_asked_is_only_what_it_has(self, client, cast, bank):
        client.force_login(cast.instructor)
        url = reverse("questions:write", args=[bank.pk])
        assert [kind for kind, _shape in client.get(url).context["shapes"]] == list(SHAPES)
        assert client.get(url, {"kind": "no such"}).context["shapes"]
        for kind, shape in SHAPES.items():
            form = client.get(url, {"kind": kind}).context["form"]
            assert set(form.fields) == {*OF_ALL, *shape.fields} - {"reason"}
        data = {"kind": "true_false", "prompt": "社区工作以社区为对象。", "difficulty": "easy", "points": "1"}
        assert set(client.post(url, data).context["form"].errors) == {"answer"}
        client.post(url, data | {"answer": "对"})
        assert question_of_row(BankQuestion.objects.get()).correct == ("true",)

    def test_questions_are_found_by_words_point_kind_difficulty_and_state(self, client, cast, bank):
        client.force_login(cast.instructor)
        row = make_bank_question(bank, prompt="收养登记的条件是什么?", point=("社会工作实务",))
        make_bank_question(bank)
        url = reverse("questions:bank", args=[bank.pk])
        for query in (
            "q=登记 条件",
            f"point={row.point_id}",
            "q=收养&kind=single&difficulty=medium&state=in_use",
        ):
            assert list(client.get(f"{url}?{query}").context["page"]) == [row], query
        for query in ("q=%00", "point=x", "kind=%00", "state=none", "page=x", "q=" + "字" * 3000):
            assert client.get(f"{url}?{query}").status_code == 200

    def test_what_a_format_leaves_out_is_shown_before_the_file_is_taken_out_and_that_is_recorded(
        self, client, cast, bank
    ):
        client.force_login(cast.instructor)
        make_bank_question(bank, kind=Kind.CASE, choices=(), correct=(), parts=(Part("A", "问", 1),))
        make_bank_question(bank)
        page = client.get(reverse("questions:take-out", args=[bank.pk, "gift"]))
        assert len(page.context["losses"]) == 1
        for name in FORMATS:
            assert client.get(reverse("questions:download", args=[bank.pk, name])).status_code == 200
        assert AuditEntry.objects.filter(action="lms.export_questions").count() == len(FORMATS)
        assert client.get(reverse("questions:take-out", args=[bank.pk, "pdf"])).status_code == 404

    def test_a_file_is_sent_at_the_desk_by_whoever_may_write_in_the_bank(self, client, cast, bank):
        url = reverse("questions:upload", args=[bank.pk])
        client.force_login(cast.auditor)
        assert client.get(url).status_code == 404
        client.force_login(cast.instructor)
        answer = client.post(
            url, {"file": SimpleUploadedFile("题.txt", GIFT.encode()), "all_or_none": "rest", "format": ""}
        )
        sheet = SheetImport.objects.get()
        assert answer.url == reverse("imports:detail", args=[sheet.pk]) and sheet.kind == "questions-gift"
        run_job(sheet.job.pk)
        assert client.get(answer.url).status_code == 200
        assert client.get(reverse("imports:wrong", args=[sheet.pk])).status_code == 200
        for name, content in (("题.exe", b"MZ"), ("空.gift", b"")):
            page = client.post(url, {"file": SimpleUploadedFile(name, content), "all_or_none": "rest"})
            assert page.status_code == 200 and "file" in page.context["form"].errors

    def test_a_bank_of_another_district_is_not_there_and_one_from_above_is_read_only(
        self, client, cast, tree, bank
    ):
        foreign, above = make_bank(tree["other_district"]), make_bank(tree["city"])
        client.force_login(cast.administrator)
        assert client.get(reverse("questions:bank", args=[foreign.pk])).status_code == 404
        assert client.get(reverse("questions:bank", args=[above.pk])).status_code == 200
        assert client.get(reverse("questions:write", args=[above.pk])).status_code == 404
        answer = client.post(
            reverse("questions:add"), {"organisation": tree["district"].pk, "code": "mock", "title": "又一个"}
        )
        assert "这个代码" in answer.content.decode()
        assert QuestionBank.objects.filter(organisation=tree["district"], code="mock").count() == 1

    def test_what_a_file_says_otherwise_is_told_of_the_rows_that_are_taken_over_too(self, client, cast, bank):
        make_bank_question(bank, prompt="社区社会工作者入户走访独居老人时应当首先做什么工作?")
        cloze = "<quiz><question type='cloze'><questiontext><text>首都是{1:MC:=北京~上海}</text></questiontext></question></quiz>"
        sheet = send(bank, cast.instructor, name="题.xml", text=cloze, chosen="moodle-xml")
        near = "社区社会工作者入户走访独居老人时应当首先做什么工作呢{=接案 ~预估}"
        other = send(bank, cast.instructor, text=near)
        client.force_login(cast.instructor)
        for each, word in ((sheet, "单独"), (other, "相近")):
            page = client.get(reverse("imports:detail", args=[each.pk]))
            (line,) = page.context["sheet"].noted
            assert line.outcome == "new" and word in line.message and line.message in page.content.decode()

    def test_an_instructor_takes_a_file_over_from_the_check_to_the_wrong_rows(self, client, cast, bank):
        client.force_login(cast.instructor)
        sheet = send(bank, cast.instructor)
        place = reverse("imports:detail", args=[sheet.pk])
        assert client.get(reverse("imports:index")).context["page"].object_list[0] == sheet
        assert client.get(place).context["sheet"].can_apply
        assert client.get(reverse("imports:wrong", args=[sheet.pk])).status_code == 200
        client.post(reverse("imports:apply", args=[sheet.pk]))
        sheet.refresh_from_db()
        run_job(sheet.job.pk)
        assert BankQuestion.objects.count() == 2
        assert AuditEntry.objects.get(action="lms.import_questions").user == cast.instructor

    def test_an_instructor_sees_no_other_import_and_none_once_the_role_has_ended(self, client, cast, bank):
        theirs, own = send(bank, cast.administrator), send(bank, cast.instructor)
        people = SheetImport.objects.create(
            kind="people", organisation=bank.organisation, file=own.file, created_by=cast.instructor
        )
        client.force_login(cast.instructor)
        for sheet in (theirs, people):
            assert client.get(reverse("imports:detail", args=[sheet.pk])).status_code == 404
        assert list(SheetImport.objects.visible_to(cast.instructor)) == [own]
        cast.instructor.roles.update(ends_on=timezone.localdate() - timedelta(days=1))
        user = User.objects.get(pk=cast.instructor.pk)
        assert not SheetImport.objects.visible_to(user).exists()
        with pytest.raises(ImportRefused):
            apply_import(sheet=own, actor=user)

    def test_a_wrong_question_of_a_file_is_put_right_in_its_form_and_its_row_is_taken_over(
        self, client, cast, bank
    ):
        client.force_login(cast.instructor)
        sheet = send(bank, cast.instructor)
        page = client.get(reverse("imports:detail", args=[sheet.pk])).content.decode()
        address = reverse("questions:mend", args=[sheet.pk, 2])
        assert address in page
        page = client.get(address)
        assert page.context["form"].initial["answer"] == "AB" and "A, B" in page.content.decode()
        data = {name: value for name, value in page.context["form"].initial.items() if value}
        assert client.post(address, data).status_code == 200 and not BankQuestion.objects.exists()
        assert client.post(address, data | {"answer": "B"}).status_code == 302
        row = BankQuestion.objects.get()
        assert row.state == "draft" and question_of_row(row).correct == ("B",)
        line = sheet.lines.get(number=2)
        assert (line.outcome, line.subject_id) == ("applied", row.pk)
        assert client.get(address).status_code == 404
        apply_import(sheet=sheet, actor=cast.instructor)
        sheet.refresh_from_db()
        run_job(sheet.job.pk)
        assert counts_of(sheet) == {"new": 0, "known": 0, "wrong": 0, "applied": 3}
        assert BankQuestion.objects.count() == 3

    def test_a_question_of_which_nothing_was_read_is_written_anew_and_no_foreign_file_is_opened(
        self, client, cast, tree, bank
    ):
        client.force_login(cast.instructor)
        sheet = send(bank, cast.instructor, text="第一步?{=接案 ~预估\n\n第二步?{=接案 ~预估}")
        answer = client.get(reverse("questions:mend", args=[sheet.pk, 1]))
        assert answer.url == reverse("questions:write", args=[bank.pk])
        assert client.get(reverse("questions:mend", args=[sheet.pk, 2])).status_code == 404
        foreign = send(make_bank(tree["other_district"]), cast.administrator)
        assert client.get(reverse("questions:mend", args=[foreign.pk, 2])).status_code == 404
        SheetImport.objects.filter(pk=sheet.pk).update(kind="people")
        assert client.get(reverse("questions:mend", args=[sheet.pk, 1])).status_code == 404
