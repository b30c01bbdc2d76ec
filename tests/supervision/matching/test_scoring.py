from hypothesis import given
from hypothesis import strategies as st

from supervision.matching.scoring import (
    SOFT,
    MenteeFacts,
    Rules,
    SupervisorFacts,
    against,
    columns_of,
    parts_of,
    points_of_rank,
    score_of,
    thin_districts,
)

PATHS = st.sampled_from(["0001", "00010001", "000100010001", "000100020001", "0002", "00020001"])
FIELDS = st.frozensets(st.sampled_from(["老年人服务", "社会救助", "禁毒戒毒"]), max_size=3)
TONGUES = st.frozensets(st.sampled_from(["普通话", "手语"]), max_size=2)
KEYS = st.integers(1, 4)
RANKS = st.dictionaries(KEYS, st.integers(1, 6), max_size=3)
SETS = st.frozensets(KEYS, max_size=2)
MENTEES = st.builds(
    MenteeFacts,
    key=KEYS,
    path=PATHS,
    district=st.sampled_from(["", "00010001", "00010002"]),
    fields=FIELDS,
    languages=TONGUES,
    wishes=RANKS,
    barred=SETS,
    led_by=SETS,
    paired=SETS,
    kept=SETS,
    person=st.integers(1, 9),
)
SUPERVISORS = st.builds(
    SupervisorFacts,
    key=KEYS,
    path=PATHS,
    places=st.integers(0, 5),
    fields=FIELDS,
    languages=TONGUES,
    regions=st.sampled_from([(), ("0002",), ("00010002",)]),
    level=st.integers(0, 4),
    takes_new=st.booleans(),
    wishes=RANKS,
    person=st.integers(5, 12),
)
RULES = st.builds(
    Rules,
    weights=st.fixed_dictionaries({code: st.integers(0, 100) for code in SOFT}),
    region=st.sampled_from(["province", "served"]),
    level=st.integers(0, 4),
    most_wishes=st.integers(1, 6),
    thin=st.sampled_from([{}, {"00010001": 5}]),
)


@given(MENTEES, SUPERVISORS, RULES)
def test_the_score_is_the_sum_of_its_parts_and_none_gives_more_than_its_most(mentee, supervisor, rules):
    parts = parts_of(mentee, supervisor, rules)
    assert score_of(mentee, supervisor, rules) == sum(part.points for part in parts)
    for part in parts:
        assert 0 <= part.points <= part.most or part.code == "thin"


@given(MENTEES, SUPERVISORS, RULES)
def test_no_hard_rule_is_outweighed(mentee, supervisor, rules):
    code = against(mentee, supervisor, rules)
    broken = (
        mentee.person == supervisor.person,
        supervisor.key in mentee.barred | mentee.led_by | mentee.paired,
        supervisor.level < rules.level,
        not supervisor.takes_new,
    )
    if any(broken):
        assert code
    if not code:
        assert supervisor.path[:4] == mentee.path[:4] or supervisor.regions


@given(st.lists(MENTEES, max_size=6), st.lists(SUPERVISORS, max_size=5), RULES)
def test_every_pair_is_either_allowed_or_counted_with_the_rule_that_forbids_it(mentees, supervisors, rules):
    made = columns_of(mentees, supervisors, rules)
    excluded = sum(sum(each.values()) for each in made.against)
    assert len(made.scores) + excluded == len(mentees) * len(supervisors)
    assert len({len(column) for column in made.pairs}) == 1


@given(st.integers(1, 20), st.integers(0, 100))
def test_a_better_wish_never_gives_less(most_wishes, most):
    given_points = [points_of_rank(rank, most_wishes, most) for rank in range(1, most_wishes + 3)]
    assert given_points == sorted(given_points, reverse=True)
    assert given_points[0] == most
    assert given_points[-1] == 0


def test_a_district_that_few_places_serve_is_thin_and_the_others_are_not():
    mentees = [MenteeFacts(key=1, path="000100010001", district="00010001")] * 2
    mentees += [MenteeFacts(key=2, path="000100020001", district="00010002")] * 2
    near = SupervisorFacts(key=1, path="00010001", places=4, regions=("00010001",))
    assert thin_districts(mentees, [near], 10) == {"00010002": 10}
    assert thin_districts(mentees, [near], 0) == {}
    assert thin_districts([], [near], 10) == {}


def test_whoever_names_no_region_makes_no_district_of_the_province_thin_wherever_they_live():
    mentees = [MenteeFacts(key=1, path="000100010001", district="00010001")] * 2
    mentees += [MenteeFacts(key=2, path="000100020001", district="00010002")] * 2
    everywhere = SupervisorFacts(key=1, path="00010001", places=4)
    afar = SupervisorFacts(key=2, path="00010001", places=2, regions=("00010002",))
    assert thin_districts(mentees, [everywhere], 10) == {}
    # Six places: two of each four for the first district, and of the two of who lives there but serves the other none.
    assert thin_districts(mentees, [everywhere, afar], 10) == {"00010001": 10 * (100 - 66) // 50}


@given(st.lists(MENTEES, max_size=6), st.lists(SUPERVISORS, max_size=5))
def test_no_district_is_thin_where_everybody_is_served_by_the_same(mentees, supervisors):
    same = [
        SupervisorFacts(key=each.key, path="0001", places=each.places, regions=("0001", "0002"))
        for each in supervisors
    ]
    assert thin_districts(mentees, same, 10) == {}


def test_only_the_regions_served_count_where_the_round_says_so():
    mentee = MenteeFacts(key=1, path="000100010001")
    near = SupervisorFacts(key=1, path="0001", places=1)
    elsewhere = SupervisorFacts(key=2, path="00010002", places=1, regions=("00010001",))
    named_other = SupervisorFacts(key=3, path="0001", places=1, regions=("00010002",))
    served = Rules(region="served")
    assert [against(mentee, each, served) for each in (near, elsewhere, named_other)] == ["", "", "region"]
    assert against(mentee, named_other, Rules()) == ""


def test_whoever_names_no_region_serves_the_whole_own_province_and_no_other():
    elsewhere = SupervisorFacts(key=1, path="00010002", places=1)
    for rules in (Rules(), Rules(region="served")):
        assert against(MenteeFacts(key=1, path="000100010001"), elsewhere, rules) == ""
        assert against(MenteeFacts(key=1, path="000200010001"), elsewhere, rules) == "region"
