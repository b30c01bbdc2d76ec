"""What lms asks supervisors about their mentees, shown where supervisors work: the two know nothing of each other."""

from __future__ import annotations

from core.access.scope import Asker
from lms.public import surveys_waiting_for
from supervision.public import Elsewhere


def about_mentees(user: Asker) -> list[Elsewhere]:
    """The surveys after a course that ask this user about somebody else, such as how a mentee works since. One query."""
    return [
        Elsewhere(title=card.heading, note=card.cohort, closes_on=card.closes_on, url=card.url)
        for card in surveys_waiting_for(user)
        if card.about
    ]
