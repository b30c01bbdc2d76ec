"""What the clock does with surveys: invite, remind, close, and let the traces of anonymous answers go."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.audit.actions import record
from core.notices.actions import both, notify_many
from core.people.models import User
from core.states import StaleState, move
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.surveys import policy
from lms.surveys.models import (
    CohortSurvey,
    SurveyInvitation,
    SurveyResponse,
)
from lms.surveys.policy import Window
from lms.surveys.queries import employers_of, supervisors_of
from lms.surveys.states import MOVES, InvitationState, Level, Opens, Rater


def run_surveys() -> None:
    """What time brings: invitations, reminders, closing, and the forgetting that anonymity asks for. Safe to repeat."""
    today = timezone.localdate()
    running = CohortSurvey.objects.running().select_related(
        "cohort__organisation", "version", "class_session", "before"
    )
    for survey in running:
        with transaction.atomic():
            invite(survey=survey, today=today)
            tell_invited(survey=survey, today=today)
            remind(survey=survey, today=today)
    close_due(today=today)
    forget_pairs(today=today)
    anonymous = CohortSurvey.objects.filter(is_anonymous=True)
    for survey in anonymous.filter(is_mixed=False):
        mix_answers(survey=survey)
    for survey in anonymous.filter(responses__is_shown=False).distinct():
        show_answers(survey=survey, today=today)


def invite(*, survey: CohortSurvey, today: date) -> int:
    """Make the invitations that are due and not there yet, and let who has come since take the empty ones.

    Returns how many are new. A handful of queries for any number of trainees, and one for each person who has come.
    """
    due = _due_enrolments(survey, today)
    if not due:
        return 0
    known: dict[int, set[tuple[str, int | None]]] = {}
    for enrolment_id, rater, user_id in survey.invitations.values_list(
        "enrolment_id", "rater", "respondent_id"
    ):
        known.setdefault(enrolment_id, set()).add((rater, user_id))
    rows: list[SurveyInvitation] = []
    come: dict[tuple[str, int], list[int]] = {}  # the empty invitations that each can take, by enrolment
    for rater in survey.raters:
        accounts = _accounts(rater, [enrolment for enrolment, _span in due])
        for enrolment, span in due:
            wanted = [
                pk
                for pk in accounts.get(enrolment.person_id, ())
                if rater == Rater.SELF or pk != enrolment.person.user_id
            ]
            taken = known.get(enrolment.pk, set())
            newcomer = _newcomer(wanted, taken) if (rater, None) in taken else None
            if newcomer is not None:
                come.setdefault((rater, newcomer), []).append(enrolment.pk)
                taken.add((rater, newcomer))
            rows += _missing(survey, enrolment, span, rater, wanted, taken)
    for (rater, newcomer), ids in come.items():
        survey.invitations.without_rater().filter(enrolment__in=ids, rater=rater).update(respondent=newcomer)
    _join_pairs(survey, rows)
    SurveyInvitation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def _due_enrolments(survey: CohortSurvey, today: date) -> list[tuple[Enrolment, Window]]:
    """Who is to be asked about by now. Whoever comes after the end is asked only where completion waits for it."""
    fixed = survey.fixed_window
    rows = survey.cohort.enrolments.filter(state__in=LEARNING).select_related("person")
    if survey.opens_from != Opens.COMPLETION:
        if fixed is None or not fixed.has_opened(today) or (fixed.is_over(today) and not survey.is_required):
            return []
        return [(row, fixed) for row in rows]
    since = today - timedelta(days=survey.after_days + survey.lasts_days + 1)
    found = []
    for row in rows.filter(completed_at__date__gte=since):
        done = timezone.localtime(row.completed_at).date() if row.completed_at else None
        span = policy.window(done, after=survey.after_days, lasts=survey.lasts_days)
        if span is not None and span.has_opened(today) and not span.is_over(today):
            found.append((row, span))
    return found


def _accounts(rater: str, enrolments: Iterable[Enrolment]) -> Mapping[int, Sequence[int]]:
    if rater == Rater.SELF:
        return {row.person_id: [row.person.user_id] for row in enrolments}
    people = [row.person_id for row in enrolments]
    return supervisors_of(people) if rater == Rater.SUPERVISOR else employers_of(people)


def _newcomer(wanted: Sequence[int], taken: set[tuple[str, int | None]]) -> int | None:
    """Who can take an invitation that had nobody: the first who is not asked about this trainee already."""
    asked = {user_id for _rater, user_id in taken}
    return next((pk for pk in wanted if pk not in asked), None)


def _missing(
    survey: CohortSurvey,
    enrolment: Enrolment,
    span: Window,
    rater: str,
    wanted: Sequence[int],
    known: set[tuple[str, int | None]],
) -> list[SurveyInvitation]:
    """The invitations about one trainee that are not there yet; one without a person where nobody can be asked."""
    asked = {user_id for _rater, user_id in known if user_id is not None}
    if any(kind == rater for kind, _user in known):
        return []  # asked once, even when somebody else is in charge by now
    new: list[int | None] = [pk for pk in wanted if pk not in asked]
    if not wanted:
        new = [None]
    return [
        SurveyInvitation(
            survey=survey,
            enrolment=enrolment,
            subject_id=enrolment.person_id,
            respondent_id=user_id,
            rater=rater,
            opens_on=span.opens_on,
            closes_on=span.closes_on,
        )
        for user_id in new
    ]


def _join_pairs(survey: CohortSurvey, rows: Sequence[SurveyInvitation]) -> None:
    """Give both invitations of one person the same random number: the one before gets it, the one after takes it over."""
    if survey.level != Level.LEARNING:
        return
    if survey.before_id is None:
        for row in rows:
            row.pair = uuid.uuid4()
        return
    known = dict(
        SurveyInvitation.objects.filter(survey=survey.before_id, pair__isnull=False).values_list(
            "enrolment_id", "pair"
        )
    )
    for row in rows:
        row.pair = known.get(row.enrolment_id)


def tell_invited(*, survey: CohortSurvey, today: date) -> int:
    """Tell those who have not been told; each once a day for each survey, however many trainees it is about."""
    new = survey.invitations.open().filter(told_on=None, respondent__isnull=False)
    users = list(
        User.objects.filter(pk__in=new.values("respondent"), is_active=True).select_related("person")
    )
    if not new.update(told_on=today):
        return 0
    return _tell(
        survey,
        users,
        f"lms.survey:{survey.pk}:{today.isoformat()}",
        gettext_noop("A survey waits for you: %(survey)s"),
        gettext_noop("%(cohort)s. It takes a few minutes; what you type is kept."),
    )


def remind(*, survey: CohortSurvey, today: date) -> int:
    """Remind those who have not answered, at most twice; returns how many accounts were told."""
    open_rows = survey.invitations.open().filter(
        told_on__lt=today, respondent__isnull=False, reminded__lt=policy.MOST_REMINDERS, closes_on__gte=today
    )
    due: dict[int, list[int]] = {}
    for row in open_rows.only("opens_on", "closes_on", "reminded"):
        count = policy.reminders_due(row.window, reminded=row.reminded, today=today)
        if count:
            due.setdefault(count, []).append(row.pk)
    ids = [pk for group in due.values() for pk in group]
    if not ids:
        return 0
    users = list(
        User.objects.filter(survey_invitations__in=ids, is_active=True).select_related("person").distinct()
    )
    for count, group in due.items():
        SurveyInvitation.objects.filter(pk__in=group).update(reminded=count)
    return _tell(
        survey,
        users,
        f"lms.survey:{survey.pk}:reminder:{today.isoformat()}",
        gettext_noop("Still time to answer: %(survey)s"),
        gettext_noop("%(cohort)s. The survey closes soon. What you have typed so far is kept."),
    )


def _tell(survey: CohortSurvey, users: Sequence[User], source: str, title: str, body: str) -> int:
    return notify_many(
        users=users,
        kind="lms.survey",
        title=title,
        body=body,
        url=reverse("lms:survey-list"),
        source=source,
        survey=both(survey.version.title, survey.version.title_en),
        cohort=both(survey.cohort.title, survey.cohort.title_en),
    )


def close_due(*, today: date) -> int:
    """Close what was not answered in time, and what asks somebody who has left; drafts go. Returns how many."""
    late = Q(closes_on__lt=today, survey__is_required=False)
    left = ~Q(enrolment__state__in=LEARNING)
    due = SurveyInvitation.objects.open().filter(late | left | Q(survey__cohort__cancelled_at__isnull=False))
    rows = due.select_related("survey__version", "survey__cohort__organisation").order_by("survey", "pk")
    groups = groupby(rows, key=lambda row: row.survey)
    return sum(expire_invitations(survey=survey, rows=list(group)) for survey, group in groups)


@transaction.atomic
def expire_invitations(*, survey: CohortSurvey, rows: Iterable[SurveyInvitation]) -> int:
    """Close these invitations of one survey because their time is over; returns how many.

    Side effect: one audit entry that says how many. Whom they asked does not belong in it.
    """
    closed = expire(rows=rows)
    if closed:
        record(
            action="lms.expire_invitations",
            target=survey,
            actor=None,
            organisation=survey.cohort.organisation,
            after={"number": closed},
        )
    return closed


def expire(*, rows: Iterable[SurveyInvitation]) -> int:
    """Close these invitations; one that is answered at this very moment stays answered."""
    closed = 0
    for row in rows:
        try:
            move(row, InvitationState.EXPIRED, MOVES, draft={})
            closed += 1
        except StaleState:
            continue
    return closed


def forget_pairs(*, today: date) -> int:
    """Forget the numbers that join a person's two anonymous answers as soon as nothing can be joined any more.

    Until then the invitation holds the number that the first answer holds too: whoever could read the database itself
    could join the two. When the answer after is sent (send_answers), or its time is over for one person or for all
    (here), the invitations forget it, and the two answers know only each other.
    """
    held = SurveyInvitation.objects.filter(pair__isnull=False, survey__is_anonymous=True)
    closed = held.filter(survey__before__isnull=False, state=InvitationState.EXPIRED)
    gone = held.filter(pair__in=list(closed.values_list("pair", flat=True))).update(pair=None)
    pairs = CohortSurvey.objects.filter(is_anonymous=True, before__invitations__pair__isnull=False)
    for after in pairs.select_related("cohort").distinct():
        last = policy.window(after.cohort.ends_on, after=after.after_days, lasts=after.lasts_days)
        if after.stopped_at or after.cohort.cancelled_at or (last is not None and last.is_over(today)):
            gone += held.filter(survey__in=(after.pk, after.before_id)).update(pair=None)
    return gone


@transaction.atomic
def mix_answers(*, survey: CohortSurvey) -> int:
    """Write the anonymous answers anew, under new numbers and in another order; returns how many.

    A table is stored in the order in which its rows came. Whoever can read the files of the database learns nothing
    from that order once it is mixed.
    """
    CohortSurvey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    CohortSurvey.objects.filter(pk=survey.pk).update(is_mixed=True)
    rows = list(SurveyResponse.objects.filter(survey=survey, is_anonymous=True))
    SurveyResponse.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        row.pk = uuid.uuid4()
    SurveyResponse.objects.bulk_create(sorted(rows, key=lambda row: row.pk), batch_size=500)
    return len(rows)


@transaction.atomic
def show_answers(*, survey: CohortSurvey, today: date) -> int:
    """Let the anonymous answers that have come join the results; returns how many.

    They join when the survey is over, and those that come later as soon as there are enough of them together
    (docs/adr/0012): two looks at the results never differ by one person's answers.
    """
    rows = CohortSurvey.objects.select_for_update(of=("self",)).select_related("cohort", "class_session")
    survey = rows.get(pk=survey.pk)
    new = SurveyResponse.objects.filter(survey=survey, is_anonymous=True, is_shown=False)
    ids = list(new.values_list("pk", flat=True))
    if not policy.may_join(len(ids), is_over=survey.is_over(today), least=settings.SURVEY_LEAST):
        return 0
    return SurveyResponse.objects.filter(pk__in=ids).update(is_shown=True)
