from supervision.evaluations.models.asked import Evaluation, EvaluationAnswer
from supervision.evaluations.models.results import CountedAnswer, EvaluationResult, EvaluationWords
from supervision.evaluations.models.templates import MOST_QUESTIONS, EvaluationTemplate, PublicationRule

__all__ = [
    "MOST_QUESTIONS",
    "CountedAnswer",
    "Evaluation",
    "EvaluationAnswer",
    "EvaluationResult",
    "EvaluationTemplate",
    "EvaluationWords",
    "PublicationRule",
]
