import pytest
from django.urls import reverse

from core.models import AuditEntry, User
from supervision.circles import actions
from supervision.models import Circle
from tests.factories import make_circle, make_gathering, make_part, make_supervisor
from tests.supervision.circles.conftest import record

MARKER = "金丝雀暗号canary9917"
READERS = ["administrator", "city_administrator", "auditor"]


def text(response):
    return response.content.decode()


@pytest.fixture
def secret(group, cast):
    """A gathering with the marker in everything that can be written about it."""
    planned = make_gathering(
        group.circle,
        "planned",
        days_ago=-2,
        subject=f"{MARKER}题",
        place=f"{MARKER}地",
        link=f"https://x.example.com/{MARKER}",
    )
    held = record(group, topics=f"{MARKER}谈", agreements=f"{MARKER}定", follow_up=f"{MARKER}续")
    part = held.parts.get(person=cast.trainee.person)
    actions.dispute_part(part=part, actor=cast.trainee, reason=f"{MARKER}异议")
    actions.correct_part(part=part, actor=cast.supervisor, minutes=60, answer=f"{MARKER}答复")
    actions.keep_gathering_note(gathering=held, actor=cast.supervisor, text=f"{MARKER}笔记")
    return held, planned


def places(group, held, planned):
    names = [
        "circles:index",
        "circles:index_results",
        "gatherings:index",
        "gatherings:index_results",
        "audit:index",
    ]
    desk = [f"{reverse(name)}{query}" for name in names for query in ("", f"?q={MARKER}")]
    site = [held.get_absolute_url(), planned.get_absolute_url(), group.circle.get_absolute_url()]
    site += [
        reverse("supervision:gathering-change", args=[planned.pk]),
        reverse("supervision:gathering-log", args=[planned.pk]),
        reverse("supervision:gathering-amend", args=[held.pk]),
        reverse("supervision:gathering-plan", args=[group.circle.pk]),
        *(reverse("supervision:part-correct", args=[part.pk]) for part in held.parts.all()),
    ]
    return [*desk, *site, reverse("circles:detail", args=[group.circle.pk]), reverse("wagtailadmin_home")]


@pytest.mark.parametrize("part", [*READERS, "outsider", "finance", "instructor", "operator"])
def test_the_desk_reads_no_word_of_it(client, group, secret, cast, part):
    user = (
        User.objects.create_superuser("operator@example.com") if part == "operator" else getattr(cast, part)
    )
    client.force_login(user)
    for place in places(group, *secret):
        page = (
            text(client.get(place, follow=True)).replace(f"?q={MARKER}", "").replace(f'value="{MARKER}"', "")
        )
        for word in ("题", "地", "谈", "定", "续", "异议", "答复", "笔记"):
            assert f"{MARKER}{word}" not in page, place
    assert MARKER not in str(list(AuditEntry.objects.values_list("label", "data")))


@pytest.mark.parametrize("part", READERS)
def test_the_desk_reads_counts_and_minutes(client, group, cast, part):
    held = make_gathering(group.circle)
    make_part(held, cast.trainee.person, "confirmed", minutes=77)
    client.force_login(getattr(cast, part))
    for name in ("circles:index", "gatherings:index"):
        page = text(client.get(reverse(name), {"q": "个案督导"}))
        assert group.circle.name in page
        assert "77" in page
    page = text(client.get(reverse("circles:detail", args=[group.circle.pk])))
    assert "77" in page
    assert "林小荷" in page


def test_another_district_reads_nothing_of_it(client, cast, group, held):
    client.force_login(cast.outsider)
    assert group.circle.name not in text(client.get(reverse("circles:index")))
    assert group.circle.name not in text(client.get(reverse("gatherings:index")))
    assert client.get(reverse("circles:detail", args=[group.circle.pk])).status_code == 404


@pytest.mark.parametrize("part", ["instructor", "finance", "trainee", "supervisor"])
def test_nobody_else_has_the_lists(client, cast, group, part):
    client.force_login(getattr(cast, part))
    for name in ("circles:index", "gatherings:index"):
        found = client.get(reverse(name))
        assert found.status_code in (302, 403, 404)
        assert group.circle.name not in found.content.decode()


def values(tree, **more):
    given = {"kind": "group", "name": "新组", "organisation": tree["district"].pk, "purpose": "学习"}
    return given | {"admission": "open", "capacity": "6", "every_days": "14"} | more


def test_an_administrator_makes_a_circle_and_ends_it(client, tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    client.force_login(cast.administrator)
    url = reverse("circles:add")
    assert client.get(url).status_code == 200
    for wrong in (
        {},
        {"supervisor": "x" * 99},
        {"supervisor": supervisor.pk, "facilitator": cast.trainee.person.pk},
    ):
        assert client.post(url, values(tree, **wrong)).status_code == 200
    assert client.post(url, values(tree, supervisor=supervisor.pk, capacity="1")).status_code == 200
    assert not Circle.objects.exists()
    client.post(url, values(tree, supervisor=supervisor.pk))
    client.post(url, values(tree, kind="peer", name="同辈", facilitator=cast.trainee.person.pk))
    assert set(Circle.objects.values_list("leader", "taken")) == {
        (supervisor.pk, 0),
        (cast.trainee.person.pk, 1),
    }
    circle = Circle.objects.get(kind="group")
    close = reverse("circles:close", args=[circle.pk])
    assert client.post(close, {"reason": ""}).status_code == 422
    client.post(close, {"reason": "期满"})
    circle.refresh_from_db()
    assert circle.state == "closed"
    client.force_login(cast.auditor)
    assert client.post(close, {"reason": "x"}).status_code == 404
    assert client.post(url, values(tree, supervisor=supervisor.pk, name="不许")).status_code in (302, 403)
    assert not Circle.objects.filter(name="不许").exists()


def test_nobody_makes_a_circle_for_another_tree(client, tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    client.force_login(cast.administrator)
    wrong = values(tree, supervisor=supervisor.pk, organisation=tree["other_district"].pk)
    assert client.post(reverse("circles:add"), wrong).status_code == 200
    assert not Circle.objects.exists()


@pytest.mark.parametrize("number", [1, 8])
def test_the_lists_cost_the_same_for_one_and_for_many(
    client, cast, group, django_assert_max_num_queries, number
):
    for place in range(number):
        make_part(make_gathering(make_circle(group.supervisor), days_ago=place + 1), cast.trainee.person)
    client.force_login(cast.administrator)
    for name, expected in (("circles:index", 3), ("gatherings:index", 2)):
        client.get(reverse(name))
        with django_assert_max_num_queries(60) as captured:
            client.get(reverse(name))
        assert sum('FROM "supervision_' in query["sql"] for query in captured) == expected
