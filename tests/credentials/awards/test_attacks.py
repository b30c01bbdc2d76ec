"""Attempts to judge and to be judged, and to read running places."""

import pytest
from django.urls import reverse

from credentials.awards.actions import AwardRefused, add_member, nominate
from tests.credentials.awards.acts import MARKS, facts, judge
from tests.factories import give_role, make_award_round

pytestmark = pytest.mark.django_db


def test_nobody_of_the_panel_is_nominated_afterwards(tree, cast, officer):
    """A rival of whom they could judge the others down."""
    row = make_award_round(tree["city"], officer)
    add_member(round=row, user=cast.trainee, actor=officer)
    for actor, way, words in ((cast.trainee, "self", "评委"), (cast.other_trainee, "peer", "不能推荐")):
        with pytest.raises(AwardRefused, match=words):
            nominate(round=row, person=cast.trainee.person, facts=facts(way), actor=actor)


def test_a_nominated_administrator_does_not_see_how_the_panel_judges(client, scoring, cast, officer, tree):
    judge(scoring, MARKS)
    give_role(cast.trainee, "administrator", tree["city"])
    give_role(cast.trainee, "auditor", tree["city"])
    member = scoring.members.first().user
    give_role(member, "administrator", tree["city"])
    address = reverse("award-rounds:inspect", args=[scoring.pk]) + "?tab=scores"
    for user, sees in ((officer, True), (cast.trainee, False), (member, False)):
        client.force_login(type(user).objects.get(pk=user.pk))
        answer = client.get(address)
        assert ("places" in answer.context) is sees, user
