"""Who reaches what is known of a class: its desk, its teacher, and the person themself."""

from __future__ import annotations

from django.db import models

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS


def of_class(user: Asker, to_class: str = "class_session") -> models.Q:
    """The condition "of a class that the user looks after": from the desk of its cohort, or as its teacher."""
    desk = scope_of(user).q(f"{to_class}__cohort__organisation", *COURSE_READERS)
    return desk | models.Q(**{f"{to_class}__instructor__user": user})


def of_person(user: Asker) -> models.Q:
    """The condition "one's own, or of somebody in a cohort of the user's tree"."""
    desk = scope_of(user).q("enrolment__cohort__organisation", *COURSE_READERS)
    return desk | models.Q(enrolment__person__user=user)
