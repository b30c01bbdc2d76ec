"""What is entered by hand can be, counts once, and fits into a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credentials.hours.actions import add_hours_rule, correct_hours
from credentials.manual_entries.actions import ManualRefused, return_manual
from credentials.models import HoursEntry, ManualEntry
from tests.credentials.manual_entries.steps import a_degree, confirm, fresh
from tests.factories import make_manual, make_period, make_proof
from tests.lms.enrolments.test_concurrency import at_once


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


def test_a_degree_counts_once_whatever_it_is_called_and_whenever_it_was(cast, second):
    confirm(entry=a_degree(cast.trainee.person, cast.administrator), actor=second)
    with pytest.raises(ManualRefused, match="危机干预工作坊") as refused:
        a_degree(cast.trainee.person, days_ago=400, title="社会工作硕士")
    assert refused.value.field == "training"
    a_degree(cast.other_trainee.person)


def test_a_degree_whose_hours_were_taken_back_can_be_entered_again(cast, second):
    confirm(entry=a_degree(cast.trainee.person, cast.administrator), actor=second)
    correct_hours(entry=HoursEntry.objects.get(), reason="学位证书有误", actor=second)
    again = a_degree(cast.trainee.person, cast.administrator, days_ago=5, title="社会工作硕士")
    confirm(entry=again, actor=second)
    assert HoursEntry.objects.standing().get().title == "社会工作硕士"


def test_a_second_degree_from_before_there_was_the_rule_is_not_confirmed(cast, second):
    first = a_degree(cast.trainee.person, cast.administrator)
    ManualEntry.objects.filter(pk=first.pk).update(degree_slot=None)
    other = a_degree(cast.trainee.person, cast.administrator, days_ago=5, title="社会工作硕士")
    with pytest.raises(ManualRefused, match="社会工作硕士"):
        confirm(entry=fresh(first), actor=second)
    return_manual(entry=other, reason="重复", actor=second)
    confirm(entry=fresh(first), actor=second)
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


@pytest.mark.parametrize("again", ["危机 干预工作坊", "危机干预工作坊。", "《危机干预》工作坊"])
def test_the_same_title_written_otherwise_is_the_same_training(cast, again):
    make_manual(cast.trainee.person, start=None)
    with pytest.raises(ManualRefused) as refused:
        make_manual(cast.trainee.person, start=None, title=again)
    assert refused.value.field == "title"


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
        confirm(entry=fresh(entry), actor=second)


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
