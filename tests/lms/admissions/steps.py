"""What the tests of admissions share: handing in, and what has come of it."""

from core.models import Notice
from lms.enrolments.actions import apply

THREE = ("employer", "county", "city")


def hand_in(cohort, user, **fields):
    return apply(cohort=cohort, person=user.person, actor=user, **fields).enrolment


def states(enrolment):
    return list(enrolment.steps.order_by("number").values_list("stage", "state"))


def told(user):
    return Notice.objects.filter(user=user, kind="lms.applications").count()
