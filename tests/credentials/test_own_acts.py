"""What somebody declares, asks for or agrees to themself, nobody does for them: the act asks, not only its page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Consent
from core.states import Refused
from credentials.manual_entries.actions import request_manual
from credentials.models import HoursStatement, ManualEntry, QualificationRecord, RegistrationPeriod
from credentials.qualifications.actions import declare_period, declare_qualification
from credentials.qualifications.policy import Said
from credentials.statements.actions import issue_statement
from credentials.talent.actions import agree_to_be_listed, leave_list
from tests.factories import make_proof, make_qualification


@pytest.mark.parametrize("part", ["administrator", "other_trainee"])
def test_nobody_else_does_what_is_the_persons_own(cast, part):
    person, other = cast.trainee.person, getattr(cast, part)
    day = timezone.localdate() - timedelta(days=30)
    level = make_qualification(cast.other_trainee.person).level
    for act in (
        lambda: declare_period(person=person, level=level, starts_on=day, actor=other),
        lambda: declare_qualification(
            person=person, level=level, said=Said("20250009", day), upload=make_proof(), actor=other
        ),
        lambda: request_manual(person=person, facts=None, upload=make_proof(), actor=other),
        lambda: agree_to_be_listed(person=person, actor=other),
        lambda: leave_list(person=person, actor=other),
    ):
        with pytest.raises(Refused, match="本人"):
            act()
    for model in (RegistrationPeriod, QualificationRecord, ManualEntry, Consent):
        assert not model.objects.filter(person=person).exists()


def test_a_statement_is_made_for_the_person_and_for_the_administrators_of_their_employer_alone(cast):
    today = timezone.localdate()
    for other in (cast.other_trainee, cast.auditor, cast.outsider):
        with pytest.raises(Refused, match="管理员"):
            issue_statement(person=cast.trainee.person, first_on=today, last_on=today, actor=other)
    assert not HoursStatement.objects.exists()
