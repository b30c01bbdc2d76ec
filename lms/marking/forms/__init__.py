"""Points for an answer (reading), another key for a question (keys)."""

from lms.marking.forms.keys import KeyForm
from lms.marking.forms.reading import CorrectionForm, ReadingForm

__all__ = ["CorrectionForm", "KeyForm", "ReadingForm"]
