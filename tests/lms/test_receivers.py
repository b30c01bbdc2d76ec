"""What lms does when one of its features speaks: each receiver by itself, in whatever order they are called."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from core.models import Notice
from lms import receivers
from lms.models import ClassSession, Cohort, Enrolment, Transfer
from lms.signals import CohortCancelled
from tests.factories import make_class, make_cohort, make_enrolment, make_transfer

ENDS = (
    receivers.end_enrolments_of_cancelled,
    receivers.end_wishes_of_cancelled,
    receivers.cancel_classes_of_cancelled,
)


@pytest.mark.parametrize(
    "order", permutations(ENDS), ids=lambda order: " ".join(end.__name__ for end in order)
)
def test_what_ends_with_a_cancelled_cohort_ends_in_whatever_order(tree, cast, order):
    cohort = make_cohort(tree["district"])
    enrolment = make_enrolment(cohort, cast.trainee.person)
    make_transfer(enrolment, make_cohort(tree["district"], cohort.version))
    make_class(cohort, starts_at=timezone.now() + timedelta(days=1))
    Cohort.objects.filter(pk=cohort.pk).update(cancelled_at=timezone.now())
    for end in order:
        end(Cohort, CohortCancelled(cohort.pk, "场地维修", cast.administrator.pk))
    assert Enrolment.objects.get().state == "cancelled"
    wish = Transfer.objects.get()
    assert (wish.state, wish.decided_by) == ("taken_back", cast.administrator)
    assert ClassSession.objects.get().cancelled_at is not None
    kinds = Notice.objects.filter(user=cast.trainee).values_list("kind", flat=True)
    assert sorted(kinds) == ["lms.enrolment_cancelled", "lms.transfer_ended"]
