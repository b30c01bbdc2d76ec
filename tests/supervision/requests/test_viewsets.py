import pytest
from django.urls import reverse

from tests.factories import make_request, make_supervisor, make_user

URL = "supervision_requests:index"


@pytest.fixture
def row(tree, cast):
    return make_request(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)


@pytest.mark.parametrize("part", ["administrator", "city_administrator", "auditor"])
def test_the_desk_reads_who_asked_whom(client, cast, row, part):
    client.force_login(getattr(cast, part))
    found = client.get(reverse(URL), {"q": "林小荷", "state": "open"}).content.decode()
    assert "林小荷" in found
    assert row.get_absolute_url() in found
    assert client.get(row.get_absolute_url()).status_code == 200


def test_another_district_reads_nothing_of_it(client, cast, row):
    client.force_login(cast.outsider)
    assert "林小荷" not in client.get(reverse(URL)).content.decode()


@pytest.mark.parametrize("part", ["instructor", "finance", "trainee", "supervisor"])
def test_nobody_else_has_the_list(client, cast, row, part):
    client.force_login(getattr(cast, part))
    found = client.get(reverse(URL))
    assert found.status_code in (302, 403, 404)
    assert row.get_absolute_url() not in found.content.decode()


@pytest.mark.parametrize("number", [1, 8])
def test_the_list_costs_the_same_for_one_and_for_many(
    client, tree, cast, row, django_assert_max_num_queries, number
):
    for _ in range(number - 1):
        make_request(row.supervisor, make_user("林一", tree["station"]).person)
    client.force_login(cast.administrator)
    client.get(reverse(URL))
    with django_assert_max_num_queries(60) as captured:
        client.get(reverse(URL))
    assert sum('FROM "supervision_' in query["sql"] for query in captured) == 2
