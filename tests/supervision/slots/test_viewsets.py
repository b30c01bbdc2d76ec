import pytest
from django.urls import reverse

from supervision.models import Supervisor
from tests.factories import make_meeting, make_pairing, make_user

INDEX = "supervision_meetings:index"
BY_PAIRING = "supervision_meetings:by_pairing"


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("name", [INDEX, BY_PAIRING])
def test_the_desk_reads_that_meetings_are_planned_and_neither_where_nor_why(client, pair, cast, name):
    row = make_meeting(pair.pairing, place="三楼会谈室", link="https://meeting.example.com/1")
    row.remarks.create(author=pair.mentee, kind="message", text="想谈个案")
    make_meeting(pair.pairing, days=-3)
    client.force_login(cast.administrator)
    page = text(client.get(reverse(name)))
    assert pair.mentee.name in page
    for hidden in ("三楼会谈室", "meeting.example.com", "想谈个案"):
        assert hidden not in page
    for part in ("supervisor", "trainee"):
        client.force_login(getattr(cast, part))
        assert client.get(reverse(name)).status_code in (302, 403, 404)


@pytest.mark.parametrize(("show", "found"), [("coming", 1), ("to_record", 0), ("nothing", 0), ("x\0", 1)])
def test_pairings_are_narrowed_by_what_is_planned(client, pair, cast, show, found):
    make_meeting(pair.pairing)
    client.force_login(cast.administrator)
    page = client.get(reverse(BY_PAIRING), {"show": show, "page": "9" * 30})
    assert len(page.context["page"].object_list) == found


def test_what_is_not_recorded_is_found(client, pair, cast):
    make_meeting(pair.pairing, days=-3)
    client.force_login(cast.administrator)
    assert pair.mentee.name in text(client.get(reverse(INDEX), {"to_record": "true"}))
    assert len(client.get(reverse(BY_PAIRING), {"show": "to_record"}).context["page"].object_list) == 1
    for query in ({"q": "\0"}, {"since": "x"}, {"state": "x"}):
        assert client.get(reverse(INDEX), query).status_code == 200


@pytest.mark.parametrize("many", [1, 10])
def test_the_list_by_pairing_costs_the_same_for_many(
    client, pair, tree, cast, django_assert_max_num_queries, many
):
    Supervisor.objects.update(capacity=50)
    for _number in range(many):
        make_meeting(make_pairing(pair.supervisor, make_user("林一", tree["station"]).person))
    client.force_login(cast.administrator)
    client.get(reverse(BY_PAIRING))
    with django_assert_max_num_queries(20):
        client.get(reverse(BY_PAIRING))
