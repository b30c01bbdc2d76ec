"""Banks and their questions."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from core.models import Organisation

if TYPE_CHECKING:
    from lms.models import AlikePair, BankQuestion, QuestionBank

_number = count(1)


def make_bank(organisation: Organisation, **fields: object) -> QuestionBank:
    """A bank without knowledge points."""
    from lms.models import QuestionBank

    defaults = {"code": f"bank-{next(_number)}", "title": "练习题库"}
    return QuestionBank.objects.create(organisation=organisation, **defaults | fields)


def make_bank_question(bank: QuestionBank, state: str = "in_use", **fields: object) -> BankQuestion:
    """A question with one right choice, with its first revision."""
    from lms.questions.actions import add_questions
    from lms.questions.policy import Choice, Kind, Question

    choices = (Choice("A", "接案"), Choice("B", "预估"))
    defaults = {"key": "", "kind": Kind.SINGLE, "prompt": f"第{next(_number)}题:个案工作的第一步?"}
    question = Question(**{"choices": choices, "correct": ("A",), **defaults, **fields})
    return add_questions(bank=bank, questions=[question], actor=AnonymousUser(), state=state)[0]


def make_alike_pair(first: BankQuestion, second: BankQuestion, **fields: object) -> AlikePair:
    """Two questions that a search has found nearly the same."""
    from lms.models import AlikePair

    facts = {"likeness": "near", "share": 90, **fields}
    return AlikePair.objects.create(bank=first.bank, first=first, second=second, **facts)
