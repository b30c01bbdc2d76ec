"""The forms of question banks: what is wrong is said at its field, and nothing that was typed is lost."""

from lms.questions.forms.banks import BankForm, FileForm
from lms.questions.forms.shapes import OF_ALL, SHAPES
from lms.questions.forms.writing import QuestionForm, initial_of

__all__ = ["OF_ALL", "SHAPES", "BankForm", "FileForm", "QuestionForm", "initial_of"]
