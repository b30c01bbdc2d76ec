"""What people answer."""

from datetime import timedelta

from django.utils import timezone

from supervision.evaluations.actions import Said
from supervision.evaluations.policy import last_closed
from tests.factories import make_evaluation, make_evaluation_template, make_pairing, make_user

MARKER = "金丝雀评语canary7719"  # a text that nobody but its reader may ever see


def said(row, score=4, **more):
    return Said(scores=dict.fromkeys(row.template.questions, score), **more)


def answered(supervisor, place, number, score=4, **more):
    """So many mentees who answered in the half-year that is over, and whose answers are closed."""
    _first, last = last_closed(timezone.localdate())
    template = make_evaluation_template(place)
    days = {"opens_on": last - timedelta(days=20), "closes_on": last - timedelta(days=7)}
    rows = []
    for _ in range(number):
        pairing = make_pairing(supervisor, make_user("林一", place).person)
        scores = dict.fromkeys(template.questions, score)
        rows.append(
            make_evaluation(pairing, "supervisor", "locked", template, **days | {"scores": scores} | more)
        )
    return rows
