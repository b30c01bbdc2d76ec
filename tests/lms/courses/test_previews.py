"""The preview of a lesson and of a quiz, as editors see it beside the form."""

import json

import pytest

from lms.models import BankQuestion, LessonPage, QuizPage
from lms.questions.states import QuestionState
from tests.factories import make_bank, make_bank_question
from tests.lms.outlines import make_course

CHOICES = [
    {"type": "item", "id": key, "value": {"text": text, "correct": right}}
    for key, text, right in (("a", "出示证件", True), ("b", "直接进门", False))
]


@pytest.fixture(autouse=True)
def course(tree):
    return make_course(modules=1, lessons=1, final=False)


def shown(page):
    return page.make_preview_request(preview_mode="").content.decode()


def test_a_lesson_shows_the_questions_on_the_way_through_its_video():
    page = LessonPage.objects.get()
    point = {
        "second": 200,
        "question": {"kind": "multiple", "prompt": "门开了先做什么？", "choices": CHOICES},
    }
    video = {
        "title": "走访",
        "file": None,
        "captions": None,
        "checkpoints": [{"type": "item", "id": "p", "value": point}],
    }
    page.body = json.dumps(
        [
            {"type": "video", "id": "11111111-1111-4111-8111-111111111111", "value": video},
            {"type": "talk", "id": "21111111-1111-4111-8111-111111111111", "value": {"title": "谈", "prompt": "难在哪里？"}},
            {"type": "frame", "id": "31111111-1111-4111-8111-111111111111", "value": {"title": "演示", "url": "https://v.example.cn/1"}},
        ]
    )  # fmt: skip
    html = shown(page)
    assert "门开了先做什么？" in html
    assert "03:20" in html
    assert "难在哪里？" in html
    assert "<iframe" not in html
    assert "演示" in html


def test_a_drawn_quiz_shows_its_blueprint_and_a_paper(tree):
    page = QuizPage.objects.get()
    page.bank, page.questions = make_bank(tree["city"]), []
    page.blueprint = "不限 | 不限 | 单选 | 2 | 3"
    rows = [make_bank_question(page.bank) for _number in range(2)]
    html = shown(page)
    assert "单选" in html
    assert all(row.text[:5] in html for row in rows)
    BankQuestion.objects.update(state=QuestionState.RETIRED)
    html = shown(page)
    assert "需要 2 道题" in html
    page.blueprint = "写错了"
    assert "第 1 行" in shown(page)


def test_a_quiz_of_its_own_shows_its_questions():
    page = QuizPage.objects.get()
    assert page.paper[0]["prompt"] in shown(page)
