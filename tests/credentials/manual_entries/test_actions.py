"""Hours entered by hand: two officers, never the person, each proof and each time once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.audit.actions import record
from core.models import AuditEntry, Notice
from core.states import IllegalMove
from credentials.hours.actions import add_hours_rule, correct_hours, credit_attendance
from credentials.manual_entries.actions import (
    ManualRefused,
    accept_manual,
    confirm_manual,
    open_proof,
    return_manual,
    withdraw_manual,
)
from credentials.manual_entries.queries import beside, to_decide, twins_of
from credentials.models import HoursEntry, ManualEntry
from tests.factories import (
    give_role,
    make_cohort,
    make_enrolment,
    make_manual,
    make_period,
    make_proof,
    make_settled,
    make_user,
)
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


# --- What counts once, and what one day can have ---------------------------------------------------------------------


def a_degree(person, officer=None, **facts):
    return make_manual(person, officer, start=None, minutes=4050, training="degree", **facts)


def test_a_degree_counts_once_whatever_it_is_called_and_whenever_it_was(cast, second):
    confirm_manual(entry=a_degree(cast.trainee.person, cast.administrator), actor=second)
    with pytest.raises(ManualRefused, match="危机干预工作坊") as refused:
        a_degree(cast.trainee.person, days_ago=400, title="社会工作硕士")
    assert refused.value.field == "training"
    a_degree(cast.other_trainee.person)


def test_a_degree_whose_hours_were_taken_back_can_be_entered_again(cast, second):
    confirm_manual(entry=a_degree(cast.trainee.person, cast.administrator), actor=second)
    correct_hours(entry=HoursEntry.objects.get(), reason="学位证书有误", actor=second)
    again = a_degree(cast.trainee.person, cast.administrator, days_ago=5, title="社会工作硕士")
    confirm_manual(entry=again, actor=second)
    assert HoursEntry.objects.standing().get().title == "社会工作硕士"


def test_a_second_degree_from_before_there_was_the_rule_is_not_confirmed(cast, second):
    first = a_degree(cast.trainee.person, cast.administrator)
    ManualEntry.objects.filter(pk=first.pk).update(degree_slot=None)
    other = a_degree(cast.trainee.person, cast.administrator, days_ago=5, title="社会工作硕士")
    with pytest.raises(ManualRefused, match="社会工作硕士"):
        confirm_manual(entry=fresh(first), actor=second)
    return_manual(entry=other, reason="重复", actor=second)
    confirm_manual(entry=fresh(first), actor=second)
    assert fresh(first).degree_slot == "life"


def test_where_the_rule_says_so_a_degree_counts_in_each_verified_period(tree, cast):
    person, since = cast.trainee.person, timezone.localdate() - timedelta(days=999)
    add_hours_rule(
        organisation=tree["city"],
        starts_on=since,
        minutes_per_hour=45,
        degrees_again="period",
        source="示例〔2026〕1号",
        actor=cast.city_administrator,
    )
    period = make_period(person, days_ago=100)
    before = a_degree(person, days_ago=300)
    within = a_degree(person, days_ago=50, title="社会工作硕士")
    assert (before.degree_slot, within.degree_slot) == ("life", f"period:{period.pk}")
    with pytest.raises(ManualRefused):
        a_degree(person, days_ago=20, title="公共管理硕士")


def test_the_database_itself_refuses_a_second_degree(cast):
    a_degree(cast.trainee.person)
    other = make_manual(cast.trainee.person, days_ago=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEntry.objects.filter(pk=other.pk).update(training="degree", degree_slot="life")
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEntry.objects.filter(pk=other.pk).update(degree_slot="life")


@pytest.mark.parametrize("again", ["危机 干预工作坊", "危机干预工作坊。", "《危机干预》工作坊"])
def test_the_same_title_written_otherwise_is_the_same_training(cast, again):
    make_manual(cast.trainee.person, start=None)
    with pytest.raises(ManualRefused) as refused:
        make_manual(cast.trainee.person, start=None, title=again)
    assert refused.value.field == "title"


def test_the_second_officer_sees_what_else_there_is_of_that_day_or_nearly_of_that_title(tree, cast, second):
    make_manual(cast.trainee.person, start=8, minutes=60, title="早读")
    make_manual(cast.trainee.person, days_ago=20, title="危机干预工作坊（二）")
    make_manual(cast.trainee.person, days_ago=30, title="老年照护")
    make_manual(cast.other_trainee.person)
    settled = make_settled(make_enrolment(make_cohort(tree["other_district"]), cast.trainee.person))
    row = credit_attendance(event=settled)
    entry = make_manual(
        cast.trainee.person, cast.administrator, days_ago=3, title="危机干预 工作坊", start=14
    )
    HoursEntry.objects.create(
        **{
            name: getattr(row, name)
            for name in ("person", "organisation", "kind", "minutes", "title", "rule", "evidence")
        },
        source="test:1",
        occurred_on=entry.occurred_on,
    )
    found = beside(entry, second)
    titles = {each.title: each for each in found}
    assert {"早读", "危机干预工作坊（二）", row.title} == set(titles)
    assert titles["早读"].address and not titles[row.title].address  # another district's: seen, not opened


def test_a_day_cannot_have_more_than_twenty_four_hours(cast, second):
    make_manual(cast.trainee.person, start=None, minutes=1000)
    with pytest.raises(ManualRefused, match="1440") as refused:
        make_manual(cast.trainee.person, start=None, minutes=441, title="另一个题目")
    assert refused.value.field == "minutes"
    make_manual(cast.trainee.person, start=None, minutes=440, title="另一个题目")
    make_manual(cast.trainee.person, start=None, minutes=1000, days_ago=4)
    a_degree(cast.trainee.person, title="社会工作硕士")


def test_a_rule_may_say_that_a_day_has_less(tree, cast, second):
    entry = make_manual(cast.trainee.person, cast.administrator, start=None, minutes=600)
    add_hours_rule(
        organisation=tree["district"],
        starts_on=timezone.localdate() - timedelta(days=30),
        minutes_per_hour=45,
        day_minutes=480,
        source="示例〔2026〕1号",
        actor=cast.city_administrator,
    )
    with pytest.raises(ManualRefused, match="480"):
        make_manual(cast.trainee.person, start=None, minutes=481, days_ago=9)
    with pytest.raises(ManualRefused, match="480"):
        confirm_manual(entry=fresh(entry), actor=second)


# --- The second officer is another one -----------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["imported", "code", "role"])
def test_an_officer_that_the_first_one_has_made_is_no_second(tree, cast, way):
    puppet = make_user("新来的", tree["district"])
    if way != "role":
        give_role(puppet, "administrator", tree["district"])
        action = {"imported": "core.create_people", "code": "core.draw_codes"}[way]
        record(action=action, target=puppet.person, actor=cast.administrator, organisation=tree["district"])
    else:
        give_role(puppet, "administrator", tree["district"], granted_by=cast.administrator)
    entry = make_manual(cast.trainee.person, cast.administrator)
    with pytest.raises(ManualRefused):
        confirm_manual(entry=entry, actor=puppet)
    assert not HoursEntry.objects.exists()


def test_nor_is_whoever_made_the_first_one(tree, cast, second):
    record(
        action="core.draw_codes",
        target=second.person,
        actor=cast.administrator,
        organisation=tree["district"],
    )
    entry = make_manual(cast.trainee.person, second)
    with pytest.raises(ManualRefused):
        confirm_manual(entry=entry, actor=cast.administrator)


def test_a_role_that_somebody_else_gave_too_makes_an_officer_independent(tree, cast, second):
    give_role(second, "administrator", tree["street"], granted_by=cast.administrator)
    confirm_manual(entry=make_manual(cast.trainee.person, cast.administrator), actor=second)


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
