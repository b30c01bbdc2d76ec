"""Taking questions out of a bank as a file."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from core.access.scope import Asker
from core.audit.actions import record
from lms.questions.formats import Format, Written
from lms.questions.models import BankQuestion, QuestionBank
from lms.questions.queries import said_in


@transaction.atomic
def export_questions(
    *, bank: QuestionBank, questions: QuerySet[BankQuestion], chosen: Format, actor: Asker
) -> Written:
    """These questions of a bank as a file, with what the format leaves out. Side effect: an audit entry, each time."""
    written = chosen.write(list(said_in(questions.filter(bank=bank))))
    record(
        action="lms.export_questions",
        target=bank,
        actor=actor,
        organisation=bank.organisation,
        after={"format": chosen.name, "questions": questions.count()},
    )
    return written
