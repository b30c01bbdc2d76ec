"""Banks of questions in the Wagtail admin: find, write, correct, preview; take files over and take files out."""

from lms.questions.viewsets.desk import QuestionViewSet

__all__ = ["QuestionViewSet"]
