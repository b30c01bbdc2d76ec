"""Whether two officers are two: neither may be the other's doing, nor both the doing of a third."""

import pytest
from django.db.models import Q
from django.utils import timezone

from core.audit.actions import record
from core.organisations.actions import end_role
from core.people.queries import PAYS, deciders_at, independence_at, is_bound_to, ties_of
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
        independence_at(tree["street"], [one, two]).leans(one, two)
        or independence_at(tree["street"], [one, two]).leans(two, one)
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


def holders_of(user, organisation):
    """Whom this user decides nothing about at this organisation, as the condition for rows says it."""
    from core.models import Person

    concerns = []
    ties_of(user).q("place", lambda accounts: concerns.append(set(accounts)) or Q())
    everywhere, *_others = concerns
    found = set(everywhere)
    for path, deeper, accounts in ties_of(user).places:
        if organisation.path.startswith(path) and not any(organisation.path.startswith(d) for d in deeper):
            found |= accounts
    assert Person.objects.filter(user__in=found).count() == len(found)
    return found


def test_the_condition_for_rows_says_the_same_as_the_question_about_two(tree, cast, street):
    """Every officer with everybody, at every organisation of the tree."""
    chief = street("甲", cast.administrator)
    helper = street("乙", chief)
    third = street("丙", helper)
    district = street("丁", cast.administrator, "district")
    role = give_role(helper, "administrator", tree["station"])
    role.granted_by = cast.trainee
    role.save()
    both = give_role(third, "administrator", tree["city"])
    both.granted_by = cast.city_administrator
    both.save()
    officers = [chief, helper, third, district, cast.administrator, cast.city_administrator]
    accounts = [*officers, cast.trainee, cast.supervisor]
    for organisation in tree.values():
        known = independence_at(organisation, accounts)
        for officer in officers:
            behind = {one.pk for one in accounts if one == officer or known.let_in(officer, one)}
            fresh = type(officer).objects.get(pk=officer.pk)
            assert holders_of(fresh, organisation) & {one.pk for one in accounts} == behind
            ties = ties_of(fresh)
            assert {one.pk for one in accounts if ties.bind(one.pk, organisation.path)} == behind
            here = known.ties(officer.pk, organisation.path)
            for one in accounts:
                assert here.bind(one.pk, organisation.path) == ties.bind(one.pk, organisation.path)
                assert here.is_hand(one.pk, organisation.path) == ties.is_hand(one.pk, organisation.path)


def test_only_who_can_decide_is_asked_and_else_the_next_above(tree, cast, street):
    assert deciders_at(tree["street"], [cast.trainee]) == [cast.administrator]
    chief = street("甲", cast.administrator)
    helper = street("乙", chief)
    assert deciders_at(tree["street"], [cast.trainee]) == [chief, helper]
    assert deciders_at(tree["street"], [chief]) == [cast.administrator]
    assert deciders_at(tree["street"], [chief, cast.administrator]) == [cast.city_administrator]
    give_role(cast.trainee, "administrator", tree["station"])
    hand = street("丙", cast.trainee, "station")
    assert deciders_at(tree["station"], [cast.supervisor]) == [cast.trainee, hand]
    assert deciders_at(tree["station"], [cast.trainee]) == [chief, helper]


def test_who_was_let_in_at_another_place_that_counts_is_not_asked_either(tree, cast, street):
    helper = street("甲", cast.trainee)
    assert deciders_at(tree["agency"], [cast.trainee], also=[tree["street"]]) == [cast.administrator]
    give_role(helper, "administrator", tree["agency"])
    assert deciders_at(tree["agency"], [cast.trainee]) == [helper]
    assert deciders_at(tree["agency"], [cast.trainee], also=[tree["street"]]) == [cast.administrator]


def test_ties_cost_the_same_for_any_number_of_officers(tree, cast, street, django_assert_num_queries):
    chief = street("甲", cast.administrator)
    for name in "乙丙丁戊":
        street(name, chief)
    officer = type(chief).objects.select_related("person").get(pk=chief.pk)
    with django_assert_num_queries(3):  # the roles of the account, its maker, the roles around it
        ties_of(officer)
        ties_of(officer)


def test_where_money_moves_who_gave_either_role_is_behind_it(tree, cast, street):
    chief = street("甲", cast.administrator)
    give_role(chief, "finance", tree["street"])
    payer = make_user("乙", tree["street"])
    give_role(payer, "finance", tree["street"], granted_by=chief)
    other = make_user("丙", tree["street"])
    give_role(other, "finance", tree["street"], granted_by=cast.administrator)

    assert ties_of(payer, PAYS).bind(chief.pk, tree["street"].path)
    assert not ties_of(payer).bind(chief.pk, tree["street"].path)  # administers nothing
    assert not ties_of(other, PAYS).bind(chief.pk, tree["street"].path)
    assert is_bound_to(payer, chief.person, tree["street"], PAYS)


def test_a_role_over_money_higher_up_makes_nobody_a_higher_tier(tree, cast, street):
    """Two roles, one from a colleague and one from somebody whom that colleague let in: still that colleague alone."""
    chief = street("甲", cast.administrator)
    give_role(chief, "finance", tree["city"])
    first = street("乙", chief)
    payer = make_user("丙", tree["street"])
    give_role(payer, "finance", tree["street"], granted_by=chief)
    give_role(payer, "administrator", tree["street"], granted_by=first)

    assert ties_of(payer, PAYS).bind(chief.pk, tree["street"].path)


def test_what_is_known_of_several_officers_at_one_place_is_what_each_ones_ties_say(tree, cast, street):
    """By the roles of payment too, and of who made the account of one of them."""
    chief = street("甲", cast.administrator)
    payer, other = (make_user(name, tree["street"]) for name in "乙丙")
    give_role(payer, "finance", tree["street"], granted_by=chief)
    give_role(other, "finance", tree["street"], granted_by=payer)
    record(action="core.create_people", target=other.person, actor=cast.trainee, organisation=tree["street"])
    officers, path = [chief, payer, other, cast.administrator], tree["street"].path
    known = independence_at(tree["street"], officers, PAYS)
    for officer in officers:
        here, kept = known.ties(officer.pk, path), ties_of(type(officer).objects.get(pk=officer.pk), PAYS)
        for one in (*officers, cast.trainee):
            assert here.bind(one.pk, path) == kept.bind(one.pk, path), (officer, one)
            assert here.is_hand(one.pk, path) == kept.is_hand(one.pk, path), (officer, one)
    assert known.ties(other.pk, path).bind(cast.trainee.pk, path)


def test_who_stands_behind_two_is_behind_everybody_whom_they_let_in(tree, cast, street):
    chief = street("甲", cast.administrator)
    first, second, third = street("乙", chief), street("丙", chief), street("丁")
    known = independence_at(tree["street"], [chief, first, second, third])

    assert known.hands_behind(first.pk, second.pk) == {chief.pk, first.pk, second.pk}
    assert known.hands_behind(first.pk, third.pk) == set()
    assert known.hands_behind(chief.pk, cast.administrator.pk) == set()  # appointed from above
