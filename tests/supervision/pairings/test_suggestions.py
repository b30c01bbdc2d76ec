import pytest
from django.urls import reverse

from core.models import ServiceField
from supervision.pairings.queries import suggestions_for
from tests.factories import make_pairing, make_supervisor

URL = "pairings:suggest"


def suggested(cast, user=None):
    return [row.supervisor for row in suggestions_for(cast.trainee.person, user or cast.administrator)]


def test_the_one_who_suits_best_stands_first_and_each_point_has_a_reason(tree, cast):
    field = ServiceField.objects.create(code="drug-x", name="禁毒戒毒甲", name_en="Drugs")
    cast.trainee.person.fields.add(field)
    near, far = (
        make_supervisor(organisation=tree["agency"]),
        make_supervisor(organisation=tree["other_station"]),
    )
    far.fields.add(field)
    first, second = suggestions_for(cast.trainee.person, cast.administrator)
    assert (first.supervisor, second.supervisor) == (far, near)
    assert sum(points for _words, points, _most in first.reasons) == first.score.points
    assert "禁毒戒毒甲" in first.reasons[0][0]


def test_who_is_full_paired_already_or_administers_the_mentee_is_not_suggested(tree, cast):
    make_supervisor(organisation=tree["agency"], capacity=0)
    make_supervisor(cast.administrator, tree["district"])
    make_supervisor(organisation=tree["agency"], is_active=False)
    make_pairing(make_supervisor(organisation=tree["agency"]), cast.trainee.person)
    assert suggested(cast) == []


def test_the_suggestion_is_taken_into_the_form(client, tree, cast):
    supervisor = make_supervisor(organisation=tree["agency"])
    client.force_login(cast.administrator)
    found = client.get(reverse(URL), {"mentee": cast.trainee.person.pk})
    link = f"{reverse('pairings:add')}?mentee={cast.trainee.person.pk}&amp;supervisor={supervisor.pk}"
    assert link in found.content.decode()
    form = client.get(link.replace("&amp;", "&")).content.decode()
    assert "林小荷" in form
    assert supervisor.code in form
    assert reverse(URL) in form


@pytest.mark.parametrize("wish", ["", "x", "\0", "9" * 40, "-1", "²"])
def test_a_mentee_who_is_nobody_is_no_error(client, tree, cast, wish):
    client.force_login(cast.administrator)
    assert client.get(reverse(URL), {"mentee": wish}).status_code == 200
    values = {"mentee": wish, "supervisor": wish}
    assert client.get(reverse("pairings:add"), values).status_code == 200


def test_only_one_s_own_people_are_looked_for_and_only_by_administrators(client, tree, cast):
    supervisor = make_supervisor(organisation=tree["agency"])
    client.force_login(cast.administrator)
    for other in (cast.outside_trainee, cast.administrator):
        found = client.get(reverse(URL), {"mentee": other.person.pk}).content.decode()
        assert supervisor.code not in found
    client.force_login(cast.auditor)
    assert client.get(reverse(URL)).status_code == 404


@pytest.mark.parametrize("number", [1, 9])
def test_suggesting_costs_the_same_for_one_and_for_many(tree, cast, django_assert_num_queries, number):
    for _ in range(number):
        make_supervisor(organisation=tree["agency"])
    suggested(cast)
    with django_assert_num_queries(5):
        assert len(suggested(cast)) == min(number, 4)
