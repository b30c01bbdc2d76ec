"""What the tests of surveys share: a plan, a later day, a draft that is filled in."""

import datetime

import time_machine
from django.utils import timezone

from lms.surveys import actions
from lms.surveys.policy import Plan

TODAY = timezone.localdate


def plan(level="reaction", opens_from="end", after=0, lasts=14, raters=("self",), **more):
    return Plan(level, opens_from, after, lasts, frozenset(raters), **more)


def later(days):
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False)


def fill(invitation, **answers):
    actions.keep_draft(
        invitation=invitation,
        raw={
            key: value if isinstance(value, list) else [value]
            for key, value in (answers or {"scale": "4"}).items()
        },
    )
    return invitation
