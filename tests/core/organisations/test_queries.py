from datetime import timedelta

from django.utils import timezone

from core.models import RoleAssignment
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of, nearest_holders


def test_the_paths_above_an_organisation_begin_at_the_root_and_end_with_its_own(tree):
    names = ("province", "city", "district", "street", "station")
    assert Organisation.paths_above(tree["station"].path) == [tree[name].path for name in names]


def test_those_nearest_answer_for_an_organisation(cast, tree):
    assert administrators_of(tree["station"]) == [cast.administrator]
    assert administrators_of(tree["city"]) == [cast.city_administrator]
    assert nearest_holders(tree["station"], "instructor") == [cast.instructor]
    assert administrators_of(tree["province"]) == []


def test_a_role_that_has_ended_or_an_account_that_is_closed_answers_for_nothing(cast, tree):
    cast.administrator.roles.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert administrators_of(tree["district"]) == [cast.city_administrator]
    cast.city_administrator.is_active = False
    cast.city_administrator.save()
    assert administrators_of(tree["district"]) == []
    assert not RoleAssignment.objects.standing("administrator").filter(organisation=tree["city"]).exists()
