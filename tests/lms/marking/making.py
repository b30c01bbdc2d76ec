"""Papers with an essay and a case, and people who have sat them."""

from __future__ import annotations

from decimal import Decimal

from lms.assessments import actions
from lms.assessments.actions import Chosen
from lms.models import Attempt, PaperVersion
from tests.factories import make_enrolment, make_paper, make_user

ESSAY = {
    "key": "essay",
    "kind": "essay",
    "prompt": "谈谈社会工作的价值。",
    "choices": [],
    "correct": [],
    "explanation": "要点见教材。",
    "model": "尊重、接纳、自决。",
    "points": "10",
}
CASE = {
    "key": "case",
    "kind": "case",
    "prompt": "王奶奶独居。",
    "choices": [],
    "correct": [],
    "explanation": "",
    "points": "6",
    "parts": [
        {"key": "a", "kind": "essay", "prompt": "需要是什么？", "points": "4", "answer": "照料"},
        {"key": "b", "kind": "short", "prompt": "用什么方法？", "points": "2", "answer": "个案"},
    ],
}


def essay_paper(version, *, questions=(ESSAY,), **marking):
    """The paper of the version anew, with these questions; PaperVersion rows never change, so it is another one."""
    key = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    number = version.papers.count() + 50
    return PaperVersion.objects.create(
        version=version,
        key=key,
        position=number,
        title="结业论述",
        questions=list(questions),
        marking=marking,
    )


def sit(paper, cohort, name="学员", answers=None, person=None):
    """Somebody sits the paper and hands it in."""
    person = person or make_user(name).person
    enrolment = make_enrolment(cohort, person, "enrolled")
    attempt = Attempt.objects.create(enrolment=enrolment, paper=paper, number=1, total=paper.size)
    said = {"essay": "尊重每一个人。"} if answers is None else answers
    actions.save_answers(attempt=attempt, answers=[Chosen(key, text) for key, text in said.items()])
    return actions.submit_attempt(attempt=attempt)


def points(number):
    return {"whole": Decimal(str(number))}


__all__ = ["CASE", "ESSAY", "essay_paper", "make_paper", "points", "sit"]
