"""Peer reviews: share the work out, write a review, send it. Who reads whose is drawn once, and told to nobody."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from core.states import StaleState, move
from lms.assignments.actions.rows import NotPossible
from lms.assignments.models import PeerReview, PeerRound, Submission
from lms.assignments.policy import Pick, Reckoning, allocate, missing_in_review, reckon, rubric_of
from lms.assignments.queries import deadline_of, latest_works
from lms.assignments.states import REVIEW_MOVES, ReviewState
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.courses.versions import AssignmentVersion
from lms.enrolments.states import LEARNING

OPENED_BY_ITSELF = timedelta(days=30)  # after the due day; an older one is opened by hand


@transaction.atomic
def open_peer_round(*, cohort: Cohort, assignment: AssignmentVersion, actor: Asker | None) -> PeerRound:
    """Share out what was handed in: each gets so many works of others. Opened twice it is the same round.

    Raises NotPossible before the due day is over, without peer reviews in the assignment, and for fewer than two works.
    Side effects, in order: the round, its reviews; an audit entry; a notice to each reviewer.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cohort.pk)
    if found := PeerRound.objects.filter(cohort=cohort, key=assignment.key).first():
        return found
    over = deadline_of(cohort, assignment)
    if not assignment.peer_reviews or over is None:
        raise NotPossible(_("This assignment is not reviewed by other trainees."))
    if timezone.now() < over:
        raise NotPossible(_("Reviews begin when the due day is over."))
    works = latest_works(cohort, assignment.key)
    if len(works) < 2:
        raise NotPossible(_("Fewer than two people have handed in, so there is nobody to review it."))
    seed = secrets.randbits(62)
    made = PeerRound.objects.create(
        cohort=cohort,
        assignment=assignment,
        key=assignment.key,
        seed=seed,
        due_at=_midnight_after(assignment.peer_days),
        opened_by_id=actor.pk if actor else None,
    )
    pairs = allocate(list(works), each=assignment.peer_reviews, seed=seed)
    reviews = [
        PeerReview(round=made, submission=works[author], reviewer_id=reader, place=place)
        for reader, authors in pairs.items()
        for place, author in enumerate(authors, start=1)
    ]
    PeerReview.objects.bulk_create(reviews, batch_size=500)
    after = {"works": len(works), "reviews": len(reviews)}
    record(
        action="lms.open_peer_round", target=made, actor=actor, organisation=cohort.organisation, after=after
    )
    for work in works.values():
        _ask(made, work)
    return made


def open_due_rounds() -> int:
    """Open every round whose due day is over; how many were opened. Safe to call at any time."""
    number = 0
    cohorts = Cohort.objects.filter(version__assignments__peer_reviews__gt=0).distinct()
    for cohort in cohorts.select_related("version"):
        opened = set(cohort.peer_rounds.values_list("key", flat=True))
        for assignment in cohort.version.assignments.filter(peer_reviews__gt=0).exclude(key__in=opened):
            over = deadline_of(cohort, assignment)
            if over is None or not over <= timezone.now() < over + OPENED_BY_ITSELF:
                continue
            try:
                open_peer_round(cohort=cohort, assignment=assignment, actor=None)
                number += 1
            except (NotPossible, IntegrityError):
                continue
    return number


def _midnight_after(days: int) -> datetime:
    day = timezone.localdate() + timedelta(days=days + 1)
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def _ask(made: PeerRound, work: Submission) -> None:
    notify(
        user=work.enrolment.person.user,
        kind="lms.peer_reviews_asked",
        title=gettext_noop("Review the work of others: %(assignment)s"),
        body=gettext_noop("Names are shown on neither side. Write your reviews before %(due)s."),
        url=reverse("lms:assignment-detail", args=[work.enrolment_id, made.key]) + "#peers",
        source=f"lms.peer_round:{made.pk}",
        assignment=both(made.assignment.title, made.assignment.title_en),
        due=made.due_at,
    )


@transaction.atomic
def save_review(
    *, review: PeerReview, actor: Asker, picks: Mapping[str, Pick], score: int | None, comment: str
) -> PeerReview:
    """Keep what has been written so far. Raises NotPossible when it was sent, and after the round. Side effect: the row."""
    row, _reckoning = _write(review, actor, picks, score, comment)
    return row


@transaction.atomic
def submit_peer_review(
    *, review: PeerReview, actor: Asker, picks: Mapping[str, Pick], score: int | None, comment: str
) -> PeerReview:
    """Send the review: from now on it stays as it is. With a rubric the score is what the picks come to.

    Raises NotPossible where something is missing, when it was sent, and after the round. Side effects, in order: the
    review; an audit entry; when it was the last of that work, a notice to the author, without a name.
    """
    row, reckoning = _write(review, actor, picks, score, comment)
    assignment = row.round.assignment
    missing = missing_in_review(
        has_rubric=bool(reckoning.chosen),
        missing=reckoning.missing,
        score=row.score,
        top=assignment.max_score,
        comment=row.comment,
    )
    if missing:
        raise NotPossible(" ".join(words(sentence) for sentence in missing))
    try:
        move(row, ReviewState.DONE, REVIEW_MOVES, done_at=timezone.now())
    except StaleState:
        row.refresh_from_db()
        return row
    organisation = row.reviewer.cohort.organisation
    record(
        action="lms.submit_peer_review",
        target=row,
        actor=actor,
        organisation=organisation,
        after={"state": row.state},
    )
    if not row.submission.peer_reviews.filter(state=ReviewState.OPEN).exists():
        _tell_author(row)
    return row


def _write(
    review: PeerReview, actor: Asker, picks: Mapping[str, Pick], score: int | None, comment: str
) -> tuple[PeerReview, Reckoning]:
    rows = PeerReview.objects.select_for_update(of=("self",)).select_related(
        "round__assignment",
        "reviewer__cohort__organisation",
        "reviewer__person",
        "submission__enrolment__person__user",
    )
    row = rows.get(pk=review.pk)
    if row.reviewer.person.user_id != actor.pk or row.reviewer.state not in LEARNING:
        raise NotPossible(_("Only whoever was asked writes this review."))
    if row.is_done:
        raise NotPossible(_("You have sent this review. It stays as it is."))
    if row.round.is_over:
        raise NotPossible(_("The time for reviews is over."))
    reckoning = reckon(rubric_of(row.round.assignment.rubric), picks)
    row.picks = {each.criterion.key: _kept(each) for each in reckoning.chosen}
    row.score = reckoning.total if reckoning.chosen else score
    if row.score is not None and not 0 <= row.score <= row.round.assignment.max_score:
        raise NotPossible(_("Give a score between 0 and %(top)s.") % {"top": row.round.assignment.max_score})
    row.comment, row.saved_at = comment.strip()[:3000], timezone.now()
    row.save(update_fields=["picks", "score", "comment", "saved_at"])
    return row, reckoning


def _kept(each: Any) -> dict[str, Any]:
    level = each.level
    shown = {"title": each.criterion.title, "most": each.criterion.most, "comment": each.comment[:500]}
    if level is None:
        return shown
    return {**shown, "level": level.key, "level_title": level.title, "points": level.points}


def _tell_author(row: PeerReview) -> None:
    work = row.submission
    notify(
        user=work.enrolment.person.user,
        kind="lms.peer_reviews_here",
        title=gettext_noop("Others have reviewed your work: %(assignment)s"),
        body=gettext_noop("Read what they say. Names are not shown."),
        url=reverse("lms:assignment-detail", args=[work.enrolment_id, work.key]) + "#peers",
        source=f"lms.submission:{work.pk}:reviewed",
        assignment=both(row.round.assignment.title, row.round.assignment.title_en),
    )
