"""Reading peer reviews: what one is to write, what others said of one's work, and what the desk sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.access.scope import Asker
from core.people.models import Person
from lms.assignments.models import PeerReview, PeerRound, Submission
from lms.assignments.policy import Pick, masked, middle
from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment


@dataclass(frozen=True)
class Remark:
    """What one other trainee said, without who it was."""

    score: int
    comment: str
    picks: list[dict[str, Any]]


@dataclass(frozen=True)
class Received:
    """What others said of one work: only once the round is over or everybody has written."""

    asked: int
    done: int
    is_shown: bool
    median: float | None
    remarks: list[Remark]

    @property
    def middle(self) -> str:
        """The median as it is read: 80, or 72.5."""
        return "" if self.median is None else f"{self.median:g}"


def words_of(person: Person, names: Iterable[str] = ()) -> list[str]:
    """What tells who somebody is: the name, its pinyin, the account and the number; `names` of files besides."""
    account = person.user
    email = account.email or ""
    return [
        person.name,
        person.pinyin or "",
        email,
        email.partition("@")[0],
        account.phone_sealed or "",
        *names,
    ]


def round_of(enrolment: Enrolment, key: Any) -> PeerRound | None:
    return PeerRound.objects.filter(cohort=enrolment.cohort_id, key=key).first()


def to_write(enrolment: Enrolment, key: Any) -> list[PeerReview]:
    """The reviews that this person is to write for an assignment. One query."""
    rows = PeerReview.objects.filter(reviewer=enrolment, round__key=key).select_related("round")
    return list(rows.order_by("place"))


def own_review(user: Asker, uid: Any) -> PeerReview | None:
    """The review that this account is to write, with all that its page shows; None for anybody else's."""
    if not user.is_authenticated:
        return None
    rows = PeerReview.objects.filter(
        reviewer__person__user_id=user.pk, reviewer__in=Enrolment.objects.learning()
    )
    rows = rows.select_related(
        "round__assignment", "reviewer__cohort", "submission__enrolment__person__user", "reviewer__person"
    )
    return rows.prefetch_related("submission__files__attachment").filter(uid=uid).first()


def work_shown(review: PeerReview) -> str:
    """The text of the work without what tells who wrote it."""
    names = [file.attachment.name for file in review.submission.kept_files]
    return masked(review.submission.text, words_of(review.submission.enrolment.person, names))


def received_of(submission: Submission) -> Received | None:
    """What others said of this work, in an order that says nothing of them; None where nobody was asked. One query."""
    rows = PeerReview.objects.filter(submission=submission).select_related("round", "reviewer__person__user")
    reviews = list(rows.order_by("uid"))
    if not reviews:
        return None
    done = [row for row in reviews if row.is_done]
    shown = len(done) == len(reviews) or reviews[0].round.is_over
    return Received(
        asked=len(reviews),
        done=len(done),
        is_shown=shown,
        median=middle(row.score for row in done if row.score is not None) if shown else None,
        remarks=[_remark(row) for row in done] if shown else [],
    )


def _remark(row: PeerReview) -> Remark:
    words = words_of(row.reviewer.person)
    picks = [{**pick, "comment": masked(pick.get("comment", ""), words)} for pick in row.picks.values()]
    return Remark(row.score or 0, masked(row.comment, words), picks)


def picks_in(review: PeerReview) -> dict[str, Pick]:
    """What was picked so far, by the key of the criterion."""
    return {key: Pick(pick.get("level", ""), pick.get("comment", "")) for key, pick in review.picks.items()}


def desk_reviews(user: Asker, cohort: Cohort, key: Any) -> QuerySet[PeerReview]:
    """All reviews of an assignment in a cohort, with both names: for the teachers alone. Those not written first."""
    rows = PeerReview.objects.visible_to(user).filter(round__cohort=cohort, round__key=key)
    return rows.select_related("round", "reviewer__person", "submission__enrolment__person").order_by(
        "-state", "reviewer__person__name_search", "place"
    )


def review_data_of(enrolment_id: int, submission: Submission) -> dict[str, Any]:
    """For somebody's own data: what they wrote of others' work, and what was said of theirs, without names. Two queries."""
    received = received_of(submission)
    written = PeerReview.objects.filter(reviewer=enrolment_id, round__key=submission.key).exclude(
        saved_at=None
    )
    return {
        "reviews_received": [
            {"score": row.score, "comment": row.comment} for row in (received.remarks if received else ())
        ],
        "reviews_written": [
            {"work": row.letter, "score": row.score, "comment": row.comment, "sent_at": row.done_at}
            for row in written.order_by("place")
        ],
    }
