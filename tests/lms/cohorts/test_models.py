"""What the database says of a run is what policy says."""

from datetime import timedelta
from itertools import product

from django.utils import timezone

from lms.cohorts.policy import RunState
from lms.cohorts.queries import state_of
from lms.models import Cohort, Enrolment
from tests.factories import make_version

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def every_run(organisation, now):
    """Cohorts with whatever times, days, places and list there may be, at the very moments too."""
    version, today = make_version(), timezone.localdate(now)
    days = (None, today - DAY, today, today + DAY)
    for opens, closes, starts, ends, taken, has_list, is_over in product(
        (None, now - MINUTE, now, now + MINUTE),
        (None, now, now + DAY),
        days,
        days,
        (0, 2),
        (True, False),
        (True, False),
    ):
        if (opens and closes and closes <= opens) or (starts and ends and ends < starts):
            continue
        yield Cohort(
            course_id=version.course_id,
            version=version,
            organisation=organisation,
            title="春季班",
            capacity=2,
            seats_taken=taken,
            opens_at=opens,
            closes_at=closes,
            starts_on=starts,
            ends_on=ends,
            has_waiting_list=has_list,
            cancelled_at=now if is_over else None,
        )


def test_every_run_is_found_under_its_state_and_no_other(tree, cast):
    now = timezone.now()
    rows = Cohort.objects.bulk_create([*every_run(tree["district"], now), *every_run(tree["district"], now)])
    half = len(rows) // 2  # in the second half somebody waits, in a third of it with a closed account
    waiting = zip(rows[half:], [cast.trainee, cast.other_trainee, cast.supervisor] * half, strict=False)
    type(cast.supervisor).objects.filter(pk=cast.supervisor.pk).update(is_active=False)
    Enrolment.objects.bulk_create(
        Enrolment(cohort=row, person=user.person, version=row.version, state="waiting")
        for row, user in waiting
    )
    expected = {state: set() for state in RunState}
    for row in Cohort.objects.with_waiting():
        expected[state_of(row, now)].add(row.pk)
    assert all(expected.values())
    for state in RunState:
        found = Cohort.objects.in_state(state, now=now).values_list("pk", flat=True)
        assert sorted(found) == sorted(expected[state]), state
