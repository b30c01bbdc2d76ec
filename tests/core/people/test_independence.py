"""Whether two officers are two: neither may be the other's doing, nor both the doing of a third."""

import pytest
from django.utils import timezone

from core.organisations.actions import end_role
from core.people.queries import leans_on
from tests.factories import give_role, make_user


@pytest.fixture
def street(tree):
    def let_in(name, giver=None, place="street"):
        user = make_user(name, tree[place])
        role = give_role(user, "administrator", tree[place])
        role.granted_by = giver
        role.save()
        return user

    return let_in


def independent(tree, one, two):
    return not (
        leans_on(user=one, officer=two, organisation=tree["street"])
        or leans_on(user=two, officer=one, organisation=tree["street"])
    )


def test_two_whom_a_higher_tier_appointed_are_two(tree, cast, street):
    assert independent(tree, street("甲", cast.administrator), street("乙", cast.administrator))
    assert independent(tree, street("甲"), street("乙"))


def test_whom_one_colleague_let_in_are_that_colleague(tree, cast, street):
    chief = street("甲", cast.administrator)
    first, second = street("乙", chief), street("丙", chief)
    third = street("丁", second)
    for one, two in ((first, second), (chief, first), (first, third), (chief, third)):
        assert not independent(tree, one, two)
    assert independent(tree, first, street("戊", cast.administrator))


def test_a_colleague_who_has_left_is_still_behind_those_they_let_in(tree, cast, street):
    chief = street("甲", cast.administrator)
    first, second = street("乙", chief), street("丙", chief)
    chief.roles.update(starts_on="2020-01-01", ends_on="2020-12-31")
    assert not independent(tree, first, second)


def test_a_second_appointment_by_a_higher_tier_makes_independent(tree, cast, street):
    chief = street("甲", cast.administrator)
    first, second = street("乙", chief), street("丙", chief)
    role = give_role(first, "administrator", tree["district"])
    role.granted_by = cast.city_administrator
    role.save()
    assert independent(tree, first, second)


def test_who_gave_the_only_role_is_behind_it_from_any_tier(tree, cast, street):
    appointed = street("甲", cast.administrator)
    assert not independent(tree, appointed, cast.administrator)


def test_those_who_let_each_other_in_end_nowhere(tree, street):
    one = street("甲")
    two = street("乙", one)
    one.roles.update(granted_by=two)
    assert not independent(tree, one, two)


def test_whose_giver_has_left_no_trace_stands_for_nobody(tree, cast, street):
    """A role given and taken back on one day is not kept: what it gave meanwhile must not look like a higher tier's."""
    chief = street("甲", cast.administrator)
    between = street("乙", chief)
    between.roles.update(starts_on=timezone.localdate())
    puppet = street("丙", between)
    end_role(assignment=between.roles.get(), actor=chief)
    assert not between.roles.exists()
    assert not independent(tree, puppet, chief)
    assert independent(tree, street("丁", cast.administrator), chief)
