import re

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


def test_a_language_that_the_mentee_prefers_is_earned_and_said(tree, cast):
    mentee = cast.trainee.person
    mentee.languages = "粤语、手语"
    mentee.save()
    plain = make_supervisor(organisation=tree["agency"], languages="普通话")
    signing = make_supervisor(organisation=tree["agency"], languages="普通话、手语")
    first, second = suggestions_for(mentee, cast.administrator)
    assert (first.supervisor, second.supervisor) == (signing, plain)
    assert first.score.points - second.score.points == 5
    assert "手语" in first.reasons[-1][0]


def test_a_supervisor_whose_month_is_full_stands_behind_and_says_so(client, tree, cast):
    make_supervisor(organisation=tree["agency"], code="SV801", monthly_minutes=0)
    make_supervisor(organisation=tree["agency"], code="SV802")
    assert [row.code for row in suggested(cast)] == ["SV802", "SV801"]
    client.force_login(cast.administrator)
    page = client.get(reverse(URL), {"mentee": cast.trainee.person.pk}).content.decode()
    assert "本月已满" in page


def test_who_serves_other_regions_is_neither_suggested_nor_paired_by_the_form(client, tree, cast):
    elsewhere = make_supervisor(organisation=tree["agency"])
    elsewhere.regions.add(tree["other_district"])
    far = make_supervisor(organisation=tree["other_station"])
    far.regions.add(tree["district"])
    assert suggested(cast) == [far]
    part = make_supervisor(organisation=tree["agency"])
    part.regions.add(tree["other_district"], tree["district"])
    client.force_login(cast.city_administrator)
    typed = {"supervisor": elsewhere.pk, "mentee": cast.trainee.person.pk, "starts_on": "2026-11-01"}
    page = client.post(reverse("pairings:add"), typed)
    assert list(page.context["form"].errors) == ["supervisor"]
    assert client.post(reverse("pairings:add"), typed | {"supervisor": part.pk}).status_code == 302


def test_the_suggestion_is_taken_into_the_form(client, tree, cast):
    supervisor = make_supervisor(organisation=tree["agency"])
    client.force_login(cast.auditor)
    assert reverse(URL) not in client.get(reverse("pairings:index")).text
    client.force_login(cast.administrator)
    assert reverse(URL) in client.get(reverse("pairings:index")).text
    found = client.get(reverse(URL), {"mentee": cast.trainee.person.pk})
    link = f"{reverse('pairings:add')}?mentee={cast.trainee.person.pk}&amp;supervisor={supervisor.pk}"
    assert link in found.content.decode()
    assert re.search(rf'<th scope="row"[^>]*>[^<]*{supervisor.code}', found.text)
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
    with django_assert_num_queries(6):
        assert len(suggested(cast)) == min(number, 4)
