import pytest

from supervision.models import Pairing
from supervision.pairings.actions import NotPossible, create_pairing
from tests.factories import give_role, make_supervisor


def test_who_administers_the_mentee_s_place_does_not_supervise_them_whoever_pairs_the_two(cast, tree):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    give_role(cast.supervisor, "administrator", tree["district"])
    with pytest.raises(NotPossible, match="管理权"):
        create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=cast.city_administrator)
    assert not Pairing.objects.exists()
