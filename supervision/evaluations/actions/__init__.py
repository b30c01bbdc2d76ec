from supervision.evaluations.actions.answering import Said, answer_evaluation
from supervision.evaluations.actions.asking import close_evaluations, open_evaluations, remind_evaluations
from supervision.evaluations.actions.keeping import save_evaluation_template, set_publication_rule
from supervision.evaluations.actions.publishing import publish_evaluations
from supervision.evaluations.actions.running import run_evaluations

__all__ = [
    "Said",
    "answer_evaluation",
    "close_evaluations",
    "open_evaluations",
    "publish_evaluations",
    "remind_evaluations",
    "run_evaluations",
    "save_evaluation_template",
    "set_publication_rule",
]
