"""Invitation codes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEntry
from core.states import Refused
from lms.admissions import actions as admissions
from lms.admissions.actions import HandedIn
from lms.enrolments.actions import withdraw
from tests.factories import make_cohort
from tests.lms.admissions.steps import hand_in


@pytest.fixture
def invited(tree):
    return make_cohort(tree["district"], by_invitation=True)


def test_by_invitation_only_a_code_opens(invited, cast):
    code = admissions.make_code(cohort=invited, actor=cast.administrator)
    other = admissions.make_code(
        cohort=make_cohort(invited.organisation, invited.version), actor=cast.administrator
    )
    for typed in ("", "AAAAAAAAAA", other.code):
        with pytest.raises(Refused):
            hand_in(invited, cast.trainee, handed=HandedIn(code=typed))
    own = hand_in(invited, cast.trainee, handed=HandedIn(code=f"{code.code[:5]}-{code.code[5:].lower()}"))
    code.refresh_from_db()
    assert (own.state, code.uses) == ("applied", 1)
    with pytest.raises(Refused):
        hand_in(invited, cast.other_trainee, handed=HandedIn(code=code.code))


def test_one_person_uses_a_code_once_however_often_they_apply(invited, cast):
    code = admissions.make_code(cohort=invited, actor=cast.administrator)
    for _ in range(2):
        own = hand_in(invited, cast.trainee, handed=HandedIn(code=code.code))
        withdraw(enrolment=own, actor=cast.trainee)
    code.refresh_from_db()
    assert code.uses == 1


def test_a_code_that_has_run_out_or_was_taken_back_opens_nothing(invited, cast):
    late = admissions.make_code(cohort=invited, actor=cast.administrator)
    past = timezone.now() - timedelta(minutes=1)
    type(late).objects.filter(pk=late.pk).update(expires_at=past)
    gone = admissions.make_code(cohort=invited, actor=cast.administrator, uses_allowed=5)
    assert admissions.revoke_code(code=gone, actor=cast.administrator)
    assert not admissions.revoke_code(code=gone, actor=cast.administrator)
    for code in (late, gone):
        with pytest.raises(Refused):
            hand_in(invited, cast.trainee, handed=HandedIn(code=code.code))


def test_the_audit_does_not_hold_the_code(invited, cast):
    code = admissions.make_code(cohort=invited, actor=cast.administrator, note="骨干")
    kept = AuditEntry.objects.get(action="lms.make_code")
    assert code.code not in f"{kept.data} {kept.label}"
