"""What waits for whom, what completion asks for, and what is kept of one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person
from lms.cohorts.queries import titled
from lms.enrolments.models import Enrolment
from lms.surveys.models import CohortSurvey, SurveyInvitation, SurveyResponse
from lms.surveys.queries.questions import value_words
from lms.surveys.states import InvitationState, Rater


@dataclass(frozen=True)
class SurveyCard:
    """One invitation as the person who is asked sees it."""

    id: int
    title: str
    cohort: str
    about: str  # the trainee's name, "" when it is oneself
    is_self_rating: bool  # others are asked the same about this trainee
    state: str  # open, answered, closed
    closes_on: date
    is_required: bool
    is_anonymous: bool
    is_begun: bool
    url: str

    @property
    def heading(self) -> str:
        """The title, and whom it is about where that is somebody else."""
        return _("%(a)s: %(b)s") % {"a": self.title, "b": self.about} if self.about else self.title

    @property
    def is_late(self) -> bool:
        return self.state == "open" and self.closes_on < timezone.localdate()


def waiting_for(user: Asker) -> QuerySet[SurveyInvitation]:
    """The invitations that this user can answer now."""
    today = timezone.localdate()
    rows = SurveyInvitation.objects.mine(user).open().filter(opens_on__lte=today)
    stands = Q(closes_on__gte=today) | Q(survey__is_required=True)
    return rows.filter(stands, survey__stopped_at=None, survey__cohort__cancelled_at=None)


def surveys_waiting_for(user: Asker) -> list[SurveyCard]:
    """What this user is asked to answer, the nearest end first. One query."""
    return [card_of(row) for row in _with_words(waiting_for(user))]


def surveys_of(user: Asker, enrolment: Enrolment | None = None) -> list[SurveyCard]:
    """Everything that this user was ever asked (about one enrolment), what waits first. One query."""
    rows = SurveyInvitation.objects.mine(user)
    if enrolment is not None:
        rows = rows.filter(enrolment=enrolment)
    cards = [card_of(row) for row in _with_words(rows)]
    return sorted(cards, key=lambda card: (card.state != "open", card.closes_on, card.id))


def _with_words(rows: QuerySet[SurveyInvitation]) -> QuerySet[SurveyInvitation]:
    return rows.select_related("survey__version", "survey__cohort", "subject").order_by("closes_on", "pk")


def card_of(row: SurveyInvitation) -> SurveyCard:
    """The card of one invitation; select survey, version, cohort and subject with it."""
    closed = row.state == InvitationState.OPEN and row.is_closed(timezone.localdate())
    state = "closed" if closed or row.state == InvitationState.EXPIRED else row.state
    version, cohort = row.survey.version, row.survey.cohort
    return SurveyCard(
        id=row.pk,
        title=version.title_here,
        cohort=titled(cohort.title, cohort.title_en),
        about="" if row.rater == Rater.SELF else row.subject.name,
        is_self_rating=row.is_self_rating,
        state=state,
        closes_on=row.closes_on,
        is_required=row.survey.is_required,
        is_anonymous=row.survey.is_anonymous,
        is_begun=bool(row.draft),
        url=reverse("lms:survey-answer", args=[row.pk]),
    )


def has_surveys(enrolment: Enrolment) -> bool:
    """Whether the trainee of this enrolment was asked anything. One query."""
    return enrolment.survey_invitations.filter(rater=Rater.SELF).exists()


def answered_of(enrolment_ids: Iterable[int]) -> dict[int, tuple[int, int, bool]]:
    """For each of these enrolments how many of the surveys that completion asks for are answered, and how many it asks
    for; and whether one of them is anonymous, so that this is for the trainee alone. Two queries."""
    ids = list(enrolment_ids)
    asked = CohortSurvey.objects.required().filter(cohort__enrolments__in=ids)
    counted = (
        asked.order_by()
        .values("cohort__enrolments")
        .annotate(n=Count("pk"), hidden=Count("pk", filter=Q(is_anonymous=True)))
        .values_list("cohort__enrolments", "n", "hidden")
    )
    wanted = {pk: (n, hidden > 0) for pk, n, hidden in counted}
    rows = SurveyInvitation.objects.filter(
        enrolment__in=ids,
        rater=Rater.SELF,
        state=InvitationState.ANSWERED,
        survey__in=CohortSurvey.objects.required(),
    )
    done = dict(rows.order_by().values_list("enrolment").annotate(n=Count("pk")))
    return {pk: (done.get(pk, 0), *wanted.get(pk, (0, False))) for pk in ids}


def survey_data_of(person: Person) -> list[dict[str, Any]]:
    """What is kept of this person's answers, and of what others answered about them. Two queries.

    Anonymous answers cannot be found any more: only that one was given is known.
    """
    about = Q(invitation__subject=person) | Q(invitation__respondent_id=person.user_id)
    kept = SurveyResponse.objects.filter(about).select_related(
        "survey__version", "survey__cohort", "invitation"
    )
    found: list[dict[str, Any]] = [
        {
            "survey": row.survey.version.title,
            "cohort": row.survey.cohort.title,
            "answered_as": str(Rater(row.rater).label),
            "answered_on": row.answered_on,
            "answers": {
                part.prompt: value_words(part, row.answers.get(part.key)) for part in row.survey.version.asked
            },
        }
        for row in kept
    ]
    told = SurveyInvitation.objects.mine(person.user).exclude(response__isnull=False)
    for row in _with_words(told):
        note = "anonymous: the answers are kept without any link to you" if row.survey.is_anonymous else ""
        facts = {"survey": row.survey.version.title, "cohort": row.survey.cohort.title, "state": row.state}
        found.append(facts | {"draft": row.draft, "note": note})
    return found
