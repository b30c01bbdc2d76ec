"""Rounds, their people, wishes and results; appeals and conflicts."""

from supervision.models import (
    Appeal,
    Conflict,
    MatchingRound,
    RoundCurves,
    RoundMentee,
    RoundRun,
    RoundSupervisor,
    RunLine,
    Wish,
)
from tests.factories import (
    make_conflict,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_run,
)


def rounds_of(tree, cast, supervisors):
    """A round of the district and one of the other in every state that matters, with people of both sides."""
    states = ("draft", "open", "run", "published", "cancelled")
    rounds = [make_round(tree[place], state) for place in ("district", "other_district") for state in states]
    rounds.append(make_round(tree["city"], "published"))  # its administrator takes part in it
    mentees = [make_round_mentee(row, cast.trainee.person) for row in rounds[1:4]]
    mentees += [make_round_mentee(rounds[3], cast.administrator.person, is_in=False)]
    mentees += [make_round_mentee(rounds[-1], cast.city_administrator.person)]
    mentees += [make_round_mentee(row, cast.outside_trainee.person) for row in (*rounds[:2], *rounds[6:])]
    inside = [make_round_supervisor(row, supervisors[place % 2]) for place, row in enumerate(rounds)] + [
        make_round_supervisor(rounds[3], supervisors[0])
    ]
    of_round = {row.round_id: row for row in inside}
    wishes, lines, runs = [], [], {row.pk: make_run(row) for row in rounds}
    for place, mentee in enumerate(mentees):
        by = of_round[mentee.round_id]
        for side in ("mentee", "supervisor"):
            wishes.append(Wish.objects.create(mentee=mentee, supervisor=by, side=side, rank=1 + place))
        given = by if place % 3 else None
        lines.append(RunLine.objects.create(run=runs[mentee.round_id], mentee=mentee, supervisor=given))
    trial = make_run(rounds[3], kept=False)
    lines.append(RunLine.objects.create(run=trial, mentee=mentees[2], supervisor=inside[3]))
    people = [cast.trainee.person, cast.administrator.person, cast.outside_trainee.person]
    return {
        MatchingRound: rounds,
        RoundMentee: mentees,
        RoundSupervisor: inside,
        Wish: wishes,
        RoundRun: [*runs.values(), trial],
        RoundCurves: [RoundCurves.objects.create(round=row) for row in rounds],
        RunLine: lines,
        Appeal: [
            Appeal.objects.create(round=row, person=person, text="请再看一次")
            for row in (rounds[3], rounds[-1])
            for person in people
        ],
        Conflict: [
            make_conflict(supervisors[0], cast.trainee.person, cast.trainee),
            make_conflict(supervisors[0], cast.trainee.person, cast.supervisor),
            make_conflict(supervisors[0], cast.administrator.person, cast.city_administrator),
            make_conflict(supervisors[1], cast.administrator.person, cast.administrator),
            make_conflict(supervisors[1], cast.outside_trainee.person, cast.outsider),
        ],
    }
