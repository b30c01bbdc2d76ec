from lms.questions.actions.duplicates import find_alike, keep_both_questions
from lms.questions.actions.exporting import export_questions
from lms.questions.actions.importing import PREFIX, entry_of, import_questions, mend_question, send_questions
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
    "PREFIX",
    "QuestionRefused",
    "add_question",
    "add_questions",
    "correct_question",
    "entry_of",
    "export_questions",
    "find_alike",
    "import_questions",
    "keep_both_questions",
    "mend_question",
    "open_bank",
    "retire_question",
    "send_questions",
    "use_question",
]
