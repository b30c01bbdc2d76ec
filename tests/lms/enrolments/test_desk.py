"""What an officer is offered for each row of a cohort's list: no more and no less than the acts behind it allow."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import User
from lms.admissions.states import StepState
from lms.enrolments.queries import choices_of, desk_enrolments
from lms.enrolments.states import PENDING, EnrolmentState
from lms.models import Enrolment
from tests.factories import give_role, make_cohort, make_enrolment, make_step, make_user

S = EnrolmentState


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"])


def choices(cohort, user):
    """By the applicant, as the page asks for them."""
    user = User.objects.get(pk=user.pk)
    rows = list(desk_enrolments(user, cohort))
    found = choices_of(rows, user)
    return {row.person.user_id: found[row.pk] for row in rows}


def approved_by(officer):
    return {"state": StepState.APPROVED, "decided_by": officer, "decided_at": timezone.now()}


WAYS = ["plain", "own", "here", "elsewhere", "decided"]


@pytest.mark.parametrize(("state", "way"), list(product(S, WAYS)))
def test_what_is_offered_is_what_the_rules_of_the_acts_allow(cohort, cast, tree, state, way):
    officer = cast.administrator
    row = make_enrolment(cohort, officer.person if way == "own" else cast.trainee.person, state)
    if way == "here":
        make_step(row, tree["district"], stage="organiser")
    elif way == "elsewhere":
        give_role(make_user("街道管理员", tree["street"]), "administrator", tree["street"])
        make_step(row, tree["street"], stage="employer")
    elif way == "decided":
        make_step(row, tree["district"], stage="organiser", **approved_by(officer))
    choice = choices(cohort, officer)[row.person.user_id]
    row, officer = Enrolment.objects.get(pk=row.pk), User.objects.get(pk=officer.pk)
    allowed = {name: officer.has_perm(f"lms.{name}_enrolment", row) for name in ("approve", "refuse")}
    assert choice.approves == (state == S.APPLIED and allowed["approve"])
    assert choice.refuses == (state in PENDING and allowed["refuse"])
    assert choice.takes_back == (state == S.ENROLLED and way != "own")
    waits = way == "elsewhere" and state == S.APPLIED
    assert choice.moves == (state in (S.APPLIED, S.ENROLLED) and way != "own" and not waits)
    assert (choice.is_own, bool(choice.waits_for)) == (way == "own", waits)


def test_whoever_reads_only_is_offered_nothing(cohort, cast):
    for state in (S.APPLIED, S.WAITING, S.ENROLLED):
        make_enrolment(cohort, make_user().person, state)
    for reader in (cast.auditor, cast.instructor):
        for choice in choices(cohort, reader).values():
            assert not (choice.approves or choice.refuses or choice.takes_back or choice.moves)


def test_the_page_shows_no_button_of_which_the_act_would_say_no(client, cohort, cast, tree):
    """Nobody decides twice, even where no step waits any more."""
    row = make_enrolment(cohort, cast.trainee.person, S.APPLIED)
    make_step(row, tree["district"], stage="organiser", **approved_by(cast.administrator))
    client.force_login(cast.administrator)
    shown = client.get(reverse("applications:cohort", args=[cohort.pk]))
    approve = reverse("applications:approve", args=[row.pk])
    assert approve not in shown.content.decode()
    assert shown.context["to_approve"] == 0
    assert client.post(approve).status_code == 404


def test_the_choices_for_one_and_for_many_cost_the_same(cohort, cast, tree):
    give_role(make_user("街道管理员", tree["street"]), "administrator", tree["street"])
    counts = []
    for number in range(1, 7):
        row = make_enrolment(cohort, make_user().person, S.APPLIED)
        make_step(
            row, tree["street" if number % 2 else "district"], stage="employer" if number % 2 else "organiser"
        )
        if number in (1, 6):
            user = User.objects.get(pk=cast.administrator.pk)
            rows = list(desk_enrolments(user, cohort))
            with CaptureQueriesContext(connection) as statements:
                choices_of(rows, user)
            counts.append(len(statements))
    assert counts == [counts[0]] * 2 and counts[0] <= 1
