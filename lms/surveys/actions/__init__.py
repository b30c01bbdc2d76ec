"""The verbs of surveys: putting them to cohorts, answering them, and what the clock does."""

from lms.surveys.actions.answering import Incomplete, keep_draft, kept_raw, refuse_closed, send_answers
from lms.surveys.actions.clock import (
    close_due,
    forget_pairs,
    invite,
    mix_answers,
    remind,
    run_surveys,
    show_answers,
    tell_invited,
)
from lms.surveys.actions.putting import (
    SurveyRefused,
    assign_survey,
    export_survey,
    name_rater,
    save_design,
    stop_survey,
    version_for,
)

__all__ = [
    "Incomplete",
    "SurveyRefused",
    "assign_survey",
    "close_due",
    "export_survey",
    "forget_pairs",
    "invite",
    "keep_draft",
    "kept_raw",
    "mix_answers",
    "name_rater",
    "refuse_closed",
    "remind",
    "run_surveys",
    "save_design",
    "send_answers",
    "show_answers",
    "stop_survey",
    "tell_invited",
    "version_for",
]
