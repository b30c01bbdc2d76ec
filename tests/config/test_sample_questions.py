"""The sample bank has questions of every kind for the three subjects, and none of them is refused."""

from config.demo.load import read
from config.demo.questions import FILE, keep_bank, offer_practice
from lms.assessments.queries import drawn_for
from lms.models import BankQuestion, Enrolment
from lms.questions.formats import FORMATS, read_all
from lms.questions.policy import Kind
from lms.questions.policy.subjects import SUBJECTS
from lms.questions.queries import open_pairs, question_of_row
from tests.lms.outlines import make_index


def test_the_sample_bank_holds_sixty_questions_of_every_kind_and_all_subjects(tree, cast):
    bank = keep_bank(tree["city"], cast.city_administrator)
    rows = BankQuestion.objects.filter(bank=bank, state="in_use")
    assert rows.count() >= 60
    assert set(rows.values_list("kind", flat=True)) == {kind.value for kind in Kind}
    subjects = {path.split(" / ")[0] for path in rows.values_list("point__path", flat=True)}
    assert subjects == set(SUBJECTS)


def test_the_sample_bank_shows_a_picture_with_what_it_shows_and_a_pair_that_is_nearly_the_same(tree, cast):
    bank = keep_bank(tree["city"], cast.city_administrator)
    said = question_of_row(BankQuestion.objects.get(bank=bank, text__contains="家系图中"))
    assert "[[picture:家系图.png]]" in said.prompt and said.pictures[0].alt
    assert any("独居老人" in pair.first.prompt for pair in open_pairs(bank))


def test_every_question_of_the_sample_file_can_be_asked_and_stands_at_a_chapter_of_its_subject():
    entries = read_all(FILE.read_bytes(), FORMATS["gift"])
    assert [(entry.line, entry.faults) for entry in entries if not entry.is_good] == []
    assert all(entry.question.point[1] in SUBJECTS[entry.question.point[0]] for entry in entries)


def test_the_sample_course_draws_its_quiz_from_the_sample_bank_and_is_written_once(tree, cast):
    bank = keep_bank(tree["city"], cast.city_administrator)
    index, outline = make_index(), read("courses/drawn.yaml")
    by, people = cast.city_administrator, [cast.trainee.person]
    by.is_superuser = True
    by.save()
    course = offer_practice(index, outline, bank, people, actor=by)
    course.clean()
    paper, *mocks = course.latest_version.papers.order_by("position")
    assert (paper.bank, paper.size) == (bank, 8)
    assert len(mocks) == 2
    assert all(drawn_for(each, "1") for each in mocks)
    assert len({row["key"] for row in drawn_for(paper, "1")}) == 8
    offer_practice(index, outline, bank, people, actor=by)
    assert course.versions.count() == 1
    assert Enrolment.objects.get(cohort__course=course).person == cast.trainee.person
