"""Whom a supervisor serves: the registry, requests and rounds mean the same by it."""

from supervision.matching.queries import facts_of
from supervision.matching.scoring import may_serve, serves
from supervision.models import Supervisor
from tests.factories import make_round, make_round_supervisor, make_supervisor, make_user


def test_a_round_means_by_serving_what_the_registry_means(tree, cast):
    round = make_round(tree["city"])
    for home, regions in (
        ("agency", []),
        ("agency", ["district"]),
        ("agency", ["other_district"]),
        ("other_district", ["station"]),
        ("other_district", []),
    ):
        supervisor = make_supervisor(make_user("督", tree[home]), tree[home])
        supervisor.regions.set(tree[each] for each in regions)
        make_round_supervisor(round, supervisor)
    known = facts_of(round).supervisors
    for place in tree.values():
        registry = set(Supervisor.objects.serving(place.path).values_list("pk", flat=True))
        assert {each.person for each in known if serves(each.path, each.regions, place.path)} == registry
        served = {each.person for each in known if may_serve(each.path, each.regions, place.path, "served")}
        assert served == registry
        province = {
            each.person for each in known if may_serve(each.path, each.regions, place.path, "province")
        }
        assert province >= registry
