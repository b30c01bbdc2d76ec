"""A pair that is asked, and templates to ask by."""

import pytest
from django.utils import timezone

from core.models import ServiceField
from supervision.evaluations import actions
from supervision.models import Evaluation
from tests.factories import make_agreement, make_evaluation_template, make_session


@pytest.fixture
def templates(tree):
    return {about: make_evaluation_template(tree["district"], about) for about in ("supervisor", "mentee")}


@pytest.fixture
def asked(pair, templates):
    """The pair has met, and their agreed review is today: both are asked."""
    make_session(pair.pairing, "confirmed")
    make_agreement(pair.pairing, "accepted", review_on=timezone.localdate())
    assert actions.open_evaluations() == 3
    return {row.direction: row for row in Evaluation.objects.all()}


@pytest.fixture
def service_fields(db):
    rows = list(ServiceField.objects.order_by("position")[:2])
    return rows or [ServiceField.objects.create(code="aged", name="老年人服务", name_en="Older people")]
