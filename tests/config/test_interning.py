"""The sample internships: eleven and twelve months of employment, and one of everything that waits."""

from collections import Counter

from config.demo.interning import place_interns
from core.models import Region
from credentials.internships.queries import progress_in
from credentials.models import Internship
from credentials.public import interns_to_sign, work_for
from tests.factories import give_role, make_user


def test_eleven_and_twelve_months_and_twice_is_once(tree):
    for code in ("421000", "421002"):
        Region.objects.get_or_create(code=code, defaults={"name": code, "level": "city"})
    officer = make_user("屈望津", tree["city"])
    give_role(officer, "administrator", tree["city"])
    people = [make_user("江汉人", tree["station"]).person for _place in range(6)]
    named = {"jingzhou": tree["city"], "jingzhou_agency": tree["agency"]}
    for _twice in range(2):
        place_interns(people, named, {"jingzhou@example.com": officer})
    rows = list(Internship.objects.select_related("authority").order_by("pk"))
    assert Counter(row.state for row in rows) == {
        "ended": 3,
        "placed": 1,
        "confirmed": 1,
        "proposed": 1,
        "cancelled": 1,
    }
    assert [(each.months, each.missing) for each in map(progress_in, rows[:3])] == [(12, 0), (11, 1), (0, 12)]
    assert work_for(officer)["internships"] == 2 and interns_to_sign(people[-1].user) == 1
