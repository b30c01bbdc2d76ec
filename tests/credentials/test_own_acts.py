"""What somebody declares, asks for or agrees to themself, nobody does for them: the act asks, not only its page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Consent
from core.states import Refused
from credentials.claims.actions import give_in_kind
from credentials.manual_entries.actions import request_manual
from credentials.models import HoursStatement, ManualEntry, QualificationRecord, RegistrationPeriod
from credentials.payments.actions import (
    build_batch,
    confirm_reversal,
    record_result,
    record_reversal,
    refuse_reversal,
    release_batch,
)
from credentials.qualifications.actions import declare_period, declare_qualification
from credentials.qualifications.policy import Said
from credentials.statements.actions import issue_statement
from credentials.talent.actions import agree_to_be_listed, leave_list
from tests.factories import give_role, make_proof, make_qualification
from tests.factories.subsidies import (
    make_approved,
    make_batch,
    make_payer,
    make_reviewer,
    make_subsidies,
    money_back,
)


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


def test_whoever_is_paid_builds_approves_releases_hears_and_takes_back_nothing_of_it(cast, tree):
    """The same account holds every role of the city: what is its own is refused by each act, whatever the roles."""
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0)
    mine, builder, second = (make_payer(tree["city"], name) for name in ("本人", "制表人", "审核人"))
    give_role(mine, "administrator", tree["city"])
    claim = make_approved(mine.person, version, make_reviewer(tree["city"]))
    built = build_batch(policy=version.subsidy, claims=[claim], actor=mine)
    assert built.batch is None and [one for one, _why in built.left] == [claim]
    batch = make_batch(claim, built_by=builder, state="locked")
    with pytest.raises(Refused):
        release_batch(batch=batch, total=batch.total, actor=mine)
    batch = release_batch(batch=batch, total=batch.total, actor=second)
    line, heard = batch.lines.get(), {"paid": True, "on": timezone.localdate()}
    with pytest.raises(Refused):
        record_result(line=line, **heard, actor=mine)
    record_result(line=line, **heard, actor=builder)
    with pytest.raises(Refused):
        record_reversal(line=line, back=money_back(), actor=mine)
    reversal = record_reversal(line=line, back=money_back(), actor=builder)
    for act in (confirm_reversal, lambda **said: refuse_reversal(**said, answer="无退汇")):
        with pytest.raises(Refused):
            act(reversal=reversal, actor=mine)
    assert not any(user.has_perm("credentials.confirm_paymentreversal", reversal) for user in (mine, builder))
    in_kind = make_subsidies(
        tree["city"], cast.city_administrator, code="kind-2020", notice=0, channel="none"
    )
    given = make_approved(mine.person, in_kind, make_reviewer(tree["city"]))
    with pytest.raises(Refused):
        give_in_kind(claim=given, on=timezone.localdate(), words="课程券", actor=mine)
    assert not mine.has_perm("credentials.give_claim", given)
    assert second.has_perm("credentials.give_claim", given)
