from lms.questions.actions.duplicates import find_alike, keep_both_questions
from lms.questions.actions.exporting import export_questions
from lms.questions.actions.importing import import_questions, send_questions
from lms.questions.actions.writing import (
    QuestionRefused,
    add_question,
    add_questions,
    correct_question,
    open_bank,
    retire_question,
    use_question,
)

__all__ = [
    "QuestionRefused",
    "add_question",
    "add_questions",
    "correct_question",
    "export_questions",
    "find_alike",
    "import_questions",
    "keep_both_questions",
    "open_bank",
    "retire_question",
    "send_questions",
    "use_question",
]
