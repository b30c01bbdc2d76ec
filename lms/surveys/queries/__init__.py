"""Reading surveys: who can be asked, what waits for whom, what a page shows, and what a survey came to."""

from lms.surveys.queries.cards import (
    SurveyCard,
    answered_of,
    card_of,
    has_surveys,
    survey_data_of,
    surveys_of,
    surveys_waiting_for,
    waiting_for,
)
from lms.surveys.queries.desk import design_uses, surveys_in, usable_designs
from lms.surveys.queries.questions import Option, Shown, label_of, shown, value_words
from lms.surveys.queries.raters import ask_supervisors_by, employers_of, possible_raters, supervisors_of
from lms.surveys.queries.results import (
    Former,
    Group,
    PersonChange,
    QuestionResult,
    Results,
    responses_of,
    results_of,
)
from lms.surveys.queries.sheets import sheets_of

__all__ = [
    "Former",
    "Group",
    "Option",
    "PersonChange",
    "QuestionResult",
    "Results",
    "Shown",
    "SurveyCard",
    "answered_of",
    "ask_supervisors_by",
    "card_of",
    "design_uses",
    "employers_of",
    "has_surveys",
    "label_of",
    "possible_raters",
    "responses_of",
    "results_of",
    "sheets_of",
    "shown",
    "supervisors_of",
    "survey_data_of",
    "surveys_in",
    "surveys_of",
    "surveys_waiting_for",
    "usable_designs",
    "value_words",
    "waiting_for",
]
