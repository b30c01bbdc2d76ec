"""What a round knows of who takes part."""

from supervision.matching.queries.facts import facts_of
from tests.factories import make_round, make_round_mentee


def test_the_languages_of_the_profile_count_unless_others_are_named_in_the_round(tree, cast):
    person = cast.trainee.person
    person.languages = "粤语、手语"
    person.save()
    round = make_round(tree["district"], "open")
    mentee = make_round_mentee(round, person)
    assert facts_of(round).mentees[0].languages == {"粤语", "手语"}
    mentee.languages = "普通话"
    mentee.save()
    assert facts_of(round).mentees[0].languages == {"普通话"}
