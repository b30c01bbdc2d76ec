"""Hours entered by hand: two officers, never the person, each proof and each time once."""

import pytest
from django.db import IntegrityError, transaction

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from credentials.hours.actions import correct_hours
from credentials.manual_entries.actions import (
    ManualRefused,
    accept_manual,
    confirm_manual,
    open_proof,
    return_manual,
    withdraw_manual,
)
from credentials.manual_entries.queries import to_decide, twins_of
from credentials.models import HoursEntry, ManualEntry
from tests.factories import give_role, make_manual, make_proof, make_user
from tests.lms.enrolments.test_concurrency import at_once


@pytest.fixture
def second(tree):
    """Another administrator of the district."""
    user = make_user("司空远", tree["district"])
    give_role(user, "administrator", tree["district"])
    return user


def fresh(entry):
    return ManualEntry.objects.get(pk=entry.pk)


def test_asked_for_entered_and_confirmed_it_is_in_the_ledger(cast, second):
    entry = make_manual(cast.trainee.person)
    assert Notice.objects.filter(
        user=cast.administrator, source__startswith=f"credentials.manual:{entry.pk}:"
    ).exists()
    accept_manual(entry=entry, actor=cast.administrator, minutes=80)
    confirm_manual(entry=fresh(entry), actor=second)
    row = HoursEntry.objects.get()
    assert (row.source, row.kind, row.minutes) == (f"credentials.manual:{entry.pk}", "manual", 80)
    assert (row.evidence["entered_by"], row.evidence["confirmed_by"]) == ("单于明", "司空远")
    assert fresh(entry).entry == row
    assert Notice.objects.filter(user=cast.trainee).count() == 2
    assert not Notice.objects.filter(user__in=[cast.administrator, second], read_at=None).exists()


def test_the_one_who_entered_it_never_confirms_it(cast, second):
    entry = make_manual(cast.trainee.person, cast.administrator)
    with pytest.raises(ManualRefused):
        confirm_manual(entry=entry, actor=cast.administrator)
    assert not HoursEntry.objects.exists()
    assert not to_decide(cast.administrator).exists()
    assert list(to_decide(second)) == [entry]


def test_nobody_decides_about_their_own(cast, second):
    entry = make_manual(cast.administrator.person)
    with pytest.raises(ManualRefused):
        accept_manual(entry=entry, actor=cast.administrator)
    accept_manual(entry=fresh(entry), actor=second)
    for act in (confirm_manual, lambda **each: return_manual(reason="x", **each)):
        with pytest.raises(ManualRefused):
            act(entry=fresh(entry), actor=cast.administrator)
    assert not to_decide(cast.administrator).exists()


@pytest.mark.parametrize("who", ["entered_by", "holder"])
def test_the_database_itself_refuses_a_second_officer_who_is_none(cast, who):
    entry = make_manual(cast.trainee.person, cast.administrator)
    same = getattr(entry, f"{who}_id")
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEntry.objects.filter(pk=entry.pk).update(state="confirmed", decided_by=same)


@pytest.mark.parametrize("wrong", [{"state": "approved"}, {"training": "dancing"}], ids=str)
def test_the_database_itself_refuses_a_state_or_a_training_that_is_none(cast, wrong):
    entry = make_manual(cast.trainee.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEntry.objects.filter(pk=entry.pk).update(**wrong)


def test_a_returned_proof_may_be_handed_in_again(cast):
    entry = make_manual(cast.trainee.person, proof=make_proof("同一份"))
    with pytest.raises(ManualRefused):
        return_manual(entry=entry, reason=" ", actor=cast.administrator)
    return_manual(entry=entry, reason="看不清日期", actor=cast.administrator)
    assert "看不清日期" in str(Notice.objects.filter(user=cast.trainee).latest("pk").values)
    make_manual(cast.trainee.person, proof=make_proof("同一份"))
    assert ManualEntry.objects.alive().count() == 1


def test_who_handed_it_in_withdraws_it_and_nobody_else(cast):
    entry = make_manual(cast.trainee.person)
    with pytest.raises(ManualRefused):
        withdraw_manual(entry=entry, actor=cast.administrator)
    withdraw_manual(entry=entry, actor=cast.trainee)
    with pytest.raises(IllegalMove):
        accept_manual(entry=fresh(entry), actor=cast.administrator)


# --- Nothing counts twice ------------------------------------------------------------------------------------------


def test_the_same_proof_of_the_same_person_is_refused_with_its_title(cast):
    make_manual(cast.trainee.person, proof=make_proof("同一份"))
    with pytest.raises(ManualRefused, match="危机干预工作坊") as refused:
        make_manual(cast.trainee.person, days_ago=9, title="另一个题目", proof=make_proof("同一份"))
    assert refused.value.field == "proof"


def test_the_same_training_under_two_titles_is_refused(cast):
    make_manual(cast.trainee.person)
    with pytest.raises(ManualRefused) as refused:
        make_manual(cast.trainee.person, start=10, title="危机介入研修")
    assert refused.value.field == "start"
    make_manual(cast.trainee.person, start=14, title="下午的课")


def test_the_same_title_of_the_same_day_without_times_is_refused(cast):
    make_manual(cast.trainee.person, start=None)
    with pytest.raises(ManualRefused) as refused:
        make_manual(cast.trainee.person, start=15)
    assert refused.value.field == "title"


def test_the_same_proof_of_two_people_is_a_warning_for_the_second_officer(cast, second):
    make_manual(cast.other_trainee.person, cast.administrator, proof=make_proof("名单"))
    entry = make_manual(cast.trainee.person, cast.administrator, proof=make_proof("名单"))
    assert [twin.name for twin in twins_of(entry, second)] == ["周一鸣"]
    assert not any(twin.visible for twin in twins_of(entry, cast.outsider))
    confirm_manual(entry=entry, actor=second)


def test_time_that_was_credited_meanwhile_is_not_confirmed(cast, second):
    entry = make_manual(cast.trainee.person, cast.administrator)
    other = make_manual(cast.other_trainee.person, cast.administrator)
    confirm_manual(entry=fresh(other), actor=second)
    row = HoursEntry.objects.get()
    fields = {
        name: getattr(row, name)
        for name in ("organisation", "kind", "minutes", "occurred_on", "starts_at", "ends_at", "rule")
    }
    taken = HoursEntry.objects.create(person=cast.trainee.person, title="课堂", source="test:1", **fields)
    with pytest.raises(ManualRefused):
        confirm_manual(entry=fresh(entry), actor=second)
    assert fresh(entry).state == "proposed"
    correct_hours(entry=taken, reason="误签", actor=second)
    confirm_manual(entry=fresh(entry), actor=second)
    assert HoursEntry.objects.standing().filter(person=cast.trainee.person).count() == 1


def test_without_times_a_rule_says_how_much_counts_at_most(cast):
    with pytest.raises(ManualRefused, match="4050"):
        make_manual(cast.trainee.person, start=None, minutes=4051)
    make_manual(cast.trainee.person, start=None, minutes=4050, training="degree")


@pytest.mark.parametrize(
    ("facts", "field"), [({"days_ago": -2}, "day"), ({"minutes": 0}, "minutes"), ({"minutes": 1500}, "end")]
)
def test_what_cannot_be_is_refused_at_its_field(cast, facts, field):
    with pytest.raises(ManualRefused) as refused:
        make_manual(cast.trainee.person, **facts)
    assert refused.value.field == field
    assert not ManualEntry.objects.exists()


def test_a_proof_that_others_open_is_audited(cast):
    entry = make_manual(cast.trainee.person)
    open_proof(entry=entry, actor=cast.trainee)
    assert not AuditEntry.objects.filter(action="credentials.open_proof").exists()
    open_proof(entry=entry, actor=cast.auditor)
    assert AuditEntry.objects.get(action="credentials.open_proof").user == cast.auditor


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_confirmed_by_eight_clicks_at_once_it_is_credited_once(cast, second):
    entry = make_manual(cast.trainee.person, cast.administrator)

    def click(_):
        try:
            confirm_manual(entry=fresh(entry), actor=second)
        except IllegalMove:
            return 0
        return 1

    assert sum(at_once(click, range(8))) == HoursEntry.objects.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_the_same_proof_eight_times_at_once_is_one_entry(cast):
    def hand_in(_):
        try:
            make_manual(cast.trainee.person, proof=make_proof("同一份"))
        except ManualRefused:
            return 0
        return 1

    assert sum(at_once(hand_in, range(8))) == ManualEntry.objects.count() == 1
