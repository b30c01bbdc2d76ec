"""Work that is handed in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from tests.factories.core import make_user

if TYPE_CHECKING:
    from lms.models import Enrolment, PeerReview, Submission


def make_submission(enrolment: Enrolment, state: str = "submitted", **fields: object) -> Submission:
    """An attempt at the first assignment of the enrolment's version, in this state."""
    from lms.models import Submission, SubmissionFile

    files = list(fields.pop("files", ()))
    assignment = enrolment.version.assignments.first()
    now = timezone.now()
    if state != "draft":
        fields.setdefault("submitted_at", now)
    if state in ("returned", "passed", "failed"):
        marker = fields.pop("marked_by", None) or make_user("批阅人")
        fields = {"marked_at": now, "marked_by": marker, "score": 80, "comment": "好"} | fields
    number = Submission.objects.filter(enrolment=enrolment, key=assignment.key).count() + 1
    defaults = {"text": "我的记录", "number": number}
    made = Submission.objects.create(
        enrolment=enrolment, assignment=assignment, key=assignment.key, state="draft", number=number
    )
    for position, file in enumerate(files, start=1):
        SubmissionFile.objects.create(submission=made, attachment=file, position=position)
    Submission.objects.filter(pk=made.pk).update(state=state, **defaults | fields)
    row = Submission.objects.get(pk=made.pk)
    row.enrolment = enrolment
    return row


def make_peer_review(reviewer: Enrolment, submission: Submission, **fields: object) -> PeerReview:
    """That somebody is to review this work of another, in the round of its assignment."""
    from lms.models import PeerReview, PeerRound

    made, _new = PeerRound.objects.get_or_create(
        cohort_id=reviewer.cohort_id,
        key=submission.key,
        defaults={
            "assignment": submission.assignment,
            "seed": 1,
            "due_at": timezone.now() + timedelta(days=7),
        },
    )
    place = PeerReview.objects.filter(round=made, reviewer=reviewer).count() + 1
    return PeerReview.objects.create(
        round=made, submission=submission, reviewer=reviewer, place=place, **fields
    )


RUBRIC = [
    {
        "key": "facts",
        "title": "事实",
        "words": "事实写清",
        "levels": [
            {"key": f"facts-{number}", "points": points, "title": title, "words": ""}
            for number, (points, title) in enumerate([(60, "完整"), (40, "部分"), (0, "没有")])
        ],
    },
    {
        "key": "judgement",
        "title": "判断",
        "words": "",
        "levels": [
            {"key": f"judgement-{number}", "points": points, "title": title, "words": "说明理由"}
            for number, (points, title) in enumerate([(40, "充分"), (20, "一般")])
        ],
    },
]
