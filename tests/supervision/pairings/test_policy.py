from supervision.pairings.policy import FIELDS, FREE, LANGUAGE, NEAR, Fit, score_of

BASE = {"mentee_path": ("1", "11", "111"), "supervisor_path": ("1", "11", "111"), "capacity": 4}


def codes(fit):
    return {reason.code: reason.points for reason in score_of(fit).reasons}


def test_what_suits_wholly_has_a_hundred_points():
    words = frozenset({"禁毒"})
    fit = Fit(
        **BASE,
        mentee_fields=words,
        supervisor_fields=words,
        mentee_languages=words,
        supervisor_languages=words,
    )
    assert score_of(fit).points == FIELDS + NEAR + FREE + LANGUAGE == 100


def test_the_share_of_the_mentee_s_fields_counts_and_not_how_many_the_supervisor_names():
    both, one, many = frozenset("ab"), frozenset("a"), frozenset("axyz")
    assert codes(Fit(**BASE, mentee_fields=both, supervisor_fields=one))["fields"] == FIELDS // 2
    assert codes(Fit(**BASE, mentee_fields=one, supervisor_fields=many))["fields"] == FIELDS
    assert codes(Fit(**BASE, mentee_fields=one, supervisor_fields=frozenset("z")))["no_fields"] == 0
    assert codes(Fit(**BASE))["fields_unknown"] == FIELDS // 2


def test_the_nearer_in_the_tree_the_more_points():
    def near(*path):
        return codes(Fit(mentee_path=("1", "11", "111"), supervisor_path=path))["near"]

    assert near("1", "11", "111") == NEAR > near("1", "11", "112") > near("1", "12") > near("2") == 0


def test_the_emptier_the_more_points_and_never_less_than_none():
    assert codes(Fit(load=1, capacity=4))["free"] == FREE * 3 // 4
    assert codes(Fit(load=5, capacity=4))["free"] == codes(Fit(load=0, capacity=0))["free"] == 0
