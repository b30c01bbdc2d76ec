import pytest

from core.jobs.actions import run_job
from core.models import Job, Notice
from core.states import IllegalMove, Refused
from supervision.matching import actions
from supervision.models import (
    Appeal,
    MatchingRound,
    Pairing,
    RoundMentee,
    RoundRun,
    RunLine,
    Supervisor,
    Wish,
)
from supervision.requests.actions import accept_request
from tests.factories import (
    make_organisation,
    make_request,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once
from tests.supervision.matching.acts import change

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    return make_organisation("示例省民政厅", tier="province", kind="bureau")


@pytest.fixture
def officer(place):
    return make_user("解安", place)


def trying(act):
    def one(thing):
        try:
            return act(thing) or True
        except (Refused, IllegalMove):
            return None

    return one


def calculated(place, officer, *, supervisors=2, mentees=4, capacity=2):
    round = make_round(place)
    for _ in range(supervisors):
        make_round_supervisor(round, make_supervisor(make_user("督", place), place, capacity=capacity))
    for _ in range(mentees):
        make_round_mentee(round, make_user("林", place).person)
    actions.lock_round(round=round, actor=officer)
    run_job(actions.run_round(round=round, actor=officer).job_id)
    return MatchingRound.objects.get(pk=round.pk)


def test_published_ten_times_at_once_every_pair_is_paired_once(place, officer):
    round = calculated(place, officer)

    def publish(_number):
        mine = MatchingRound.objects.get(pk=round.pk)
        return actions.publish_round(round=mine, actor=officer)

    done = [each for each in at_once(trying(publish), range(10)) if each]
    assert len(done) == 1
    at_once(run_job, [done[0].pk] * 5)
    Job.objects.filter(pk=done[0].pk).update(state="queued")
    run_job(done[0].pk)
    assert Pairing.objects.count() == RunLine.objects.filter(pairing__isnull=False).count() == 4
    assert [row.load for row in Supervisor.objects.all()] == [2, 2]
    assert Notice.objects.filter(kind="supervision.pairing").count() == 8


def test_a_line_settled_at_once_by_many_is_settled_once(place, officer):
    round = calculated(place, officer)
    keys = list(RunLine.objects.values_list("pk", flat=True))
    at_once(lambda key: actions.settle_lines(line_ids=[key], actor=officer), keys * 5)
    assert Pairing.objects.count() == 4
    assert round


def test_a_place_taken_by_a_request_at_the_same_moment_is_never_given_twice(place, officer):
    calculated(place, officer, supervisors=1, mentees=1, capacity=1)
    supervisor = Supervisor.objects.get()
    asked = make_request(supervisor, make_user("抢先", place).person)
    line = RunLine.objects.get()

    def act(number):
        if number % 2:
            return actions.settle_lines(line_ids=[line.pk], actor=officer)
        return accept_request(request=type(asked).objects.get(pk=asked.pk), actor=supervisor.person.user)

    at_once(trying(act), range(8))
    supervisor.refresh_from_db()
    line.refresh_from_db()
    assert supervisor.load == Pairing.objects.count() == 1
    assert bool(line.pairing) != bool(line.failure)


def test_calculated_or_tried_many_times_at_once_there_is_one_trial(place, officer):
    round = calculated(place, officer)
    mentee = RoundMentee.objects.first()
    by = round.supervisors.first()

    def act(_number):
        mine = MatchingRound.objects.get(pk=round.pk)
        return actions.try_change(round=mine, actor=officer, pin=(mentee, by))

    assert [each for each in at_once(trying(act), range(8)) if each]
    assert RoundRun.objects.trials().count() == 1
    assert RoundRun.objects.current().count() == 1


def test_the_same_wish_added_ten_times_at_once_stands_once_and_ranks_have_no_gap(place):
    round = make_round(place, most_wishes=5)
    mentee = make_round_mentee(round, make_user("林", place).person)
    others = [make_round_supervisor(round, make_supervisor(make_user("督", place), place)) for _ in range(3)]

    def add(other):
        return change(mentee, other, "add")

    at_once(trying(add), others * 4)
    assert sorted(Wish.objects.values_list("rank", flat=True)) == [1, 2, 3]


def test_joined_ten_times_at_once_it_is_one_row(place):
    round = make_round(place)
    user = make_user("林", place)
    at_once(trying(lambda _n: actions.join_round(round=round, person=user.person, actor=user)), range(10))
    assert RoundMentee.objects.count() == 1


def test_appeals_upheld_at_once_by_many_are_each_decided_once_and_end_their_pairing_once(place, officer):
    round = calculated(place, officer, supervisors=2, mentees=4)
    run_job(actions.publish_round(round=round, actor=officer).pk)
    people = [row.person for row in round.mentees.select_related("person__user")]
    round.refresh_from_db()
    appeals = [actions.make_appeal(round=round, person=one, text="路太远", actor=one.user) for one in people]

    def uphold(appeal):
        mine = Appeal.objects.select_related("round__organisation", "person__user").get(pk=appeal.pk)
        actions.decide_appeal(appeal=mine, upholds=True, answer="同意", actor=officer, ends_pairing=True)

    assert at_once(trying(uphold), appeals * 5).count(True) == 4
    assert set(Appeal.objects.values_list("state", flat=True)) == {"upheld"}
    assert not Pairing.objects.open().exists()
    assert set(Supervisor.objects.values_list("load", flat=True)) == {0}


def test_locked_while_wishes_change_no_list_has_a_gap_and_none_changes_afterwards(place, officer):
    round = make_round(place, most_wishes=3)
    supervisors = [
        make_round_supervisor(round, make_supervisor(make_user("督", place), place)) for _ in range(3)
    ]
    mentees = [make_round_mentee(round, make_user("林", place).person) for _ in range(4)]
    wishes = [(mentee, by) for mentee in mentees for by in supervisors]

    def act(thing):
        if thing is None:
            return actions.lock_round(round=MatchingRound.objects.get(pk=round.pk), actor=officer)
        return change(*thing, "add")

    at_once(trying(act), [*wishes[:6], None, *wishes[6:]])
    locked_at = MatchingRound.objects.get(pk=round.pk).locked_at
    for mentee in mentees:
        ranks = list(Wish.objects.filter(mentee=mentee).order_by("rank").values_list("rank", flat=True))
        assert ranks == list(range(1, len(ranks) + 1))
        mentee.refresh_from_db()
        assert mentee.wished_at is None or mentee.wished_at <= locked_at
    before = Wish.objects.count()
    assert not any(at_once(trying(lambda one: change(*one, "add")), wishes))
    assert Wish.objects.count() == before
