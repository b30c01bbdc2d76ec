"""Writing a survey, putting it to a cohort, answering it, and what the clock does: invite, remind, close."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.blocks.surveys import survey_facts
from core.notices.actions import notify_many, settle
from core.people.models import User
from core.states import Refused, StaleState, move
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.enrolments.actions import complete_if_done
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import rule_of
from lms.enrolments.states import LEARNING, EnrolmentState
from lms.surveys import policy
from lms.surveys.models import (
    CohortSurvey,
    SurveyDesign,
    SurveyInvitation,
    SurveyResponse,
    SurveyVersion,
)
from lms.surveys.policy import Plan, Raw, Window
from lms.surveys.queries import employers_of, supervisors_of
from lms.surveys.states import MOVES, InvitationState, Level, Opens, Rater
from lms.timetable.models import ClassSession

KEPT_TEXT = (
    4000  # of one answer in a draft: more than can be sent, so that nothing typed is cut before it is checked
)


class SurveyRefused(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


class Incomplete(SurveyRefused):
    """Something must still be answered, or answered differently."""


# --- Writing and putting to a cohort -------------------------------------------------------------------------


@transaction.atomic
def save_design(*, design: SurveyDesign, actor: Asker) -> SurveyDesign:
    """Keep a survey as it was written. Cohorts that have it already keep their version. Side effect: an audit entry.

    Raises SurveyRefused when it asks nothing, or when the level of a survey in use was changed.
    """
    if all(block.block_type == "heading" for block in design.body):
        raise SurveyRefused(_("Add at least one question."))
    old = SurveyDesign.objects.filter(pk=design.pk).first() if design.pk else None
    if old and old.level != design.level and old.versions.exists():
        raise SurveyRefused(
            _("This survey is in use, so its level stays. Write a new survey for another level.")
        )
    if old is None:
        design.created_by_id = actor.pk
    design.save()
    record(
        action="lms.save_design",
        target=design,
        actor=actor,
        organisation=design.organisation,
        after={"title": design.title, "level": design.level, "number": len(design.body)},
    )
    return design


def version_for(design: SurveyDesign) -> SurveyVersion:
    """The version that says what the design says now; made when there is none. Call it inside a transaction."""
    design = SurveyDesign.objects.select_for_update(of=("self",)).get(pk=design.pk)
    content = {
        "title": design.title,
        "title_en": design.title_en,
        "level": design.level,
        "introduction": design.introduction,
        "introduction_en": design.introduction_en,
        "questions": survey_facts(design.body),
    }
    told = json.dumps(content, ensure_ascii=False, sort_keys=True)
    fingerprint = hashlib.sha256(told.encode()).hexdigest()
    known = design.versions.filter(fingerprint=fingerprint).first()
    if known is not None:
        return known
    newest = design.versions.order_by("-number").first()
    number = newest.number + 1 if newest else 1
    return SurveyVersion.objects.create(design=design, number=number, fingerprint=fingerprint, **content)


@transaction.atomic
def assign_survey(
    *,
    cohort: Cohort,
    design: SurveyDesign,
    plan: Plan,
    actor: Asker,
    class_session: ClassSession | None = None,
) -> CohortSurvey:
    """Put a survey to a cohort, as it stands now. One about learning is put twice: from the first day, and at the end.

    Raises SurveyRefused when the plan, the dates of the cohort or an equal survey speak against it.
    Side effect: an audit entry. Invitations follow by the clock (run_surveys).
    """
    _refuse_plan(cohort, design, plan, class_session)
    version = version_for(design)
    common = {
        "cohort": cohort,
        "version": version,
        "level": plan.level,
        "lasts_days": plan.lasts,
        "asks_self": Rater.SELF in plan.raters,
        "asks_supervisor": Rater.SUPERVISOR in plan.raters,
        "asks_employer": Rater.EMPLOYER in plan.raters,
        "is_anonymous": plan.is_anonymous,
        "is_required": plan.is_required,
        "created_by_id": actor.pk,
    }
    survey = CohortSurvey(
        **common, opens_from=plan.opens_from, after_days=plan.after, class_session=class_session
    )
    fixed = survey.fixed_window
    if plan.opens_from != Opens.COMPLETION and (fixed is None or fixed.is_over(timezone.localdate())):
        raise SurveyRefused(
            _("On this day the survey could not open any more, or the cohort has no such day yet.")
        )
    try:
        with transaction.atomic():
            if plan.level == Level.LEARNING:
                survey.before = CohortSurvey.objects.create(**common, opens_from=Opens.START, after_days=0)
            survey.save()
    except IntegrityError:
        raise SurveyRefused(_("This cohort has this survey for that day already."))
    kept = ("level", "opens_from", "after_days", "lasts_days", "is_anonymous", "is_required")
    facts = {"title": version.title, "version": version.number} | {
        name: getattr(survey, name) for name in kept
    }
    record(
        action="lms.assign_survey", target=survey, actor=actor, organisation=cohort.organisation, after=facts
    )
    return survey


def _refuse_plan(
    cohort: Cohort, design: SurveyDesign, plan: Plan, class_session: ClassSession | None
) -> None:
    faults = policy.faults_of(plan)
    if faults:
        raise SurveyRefused(words(faults[0]))
    if cohort.cancelled_at is not None:
        raise SurveyRefused(_("This cohort does not take place."))
    if plan.is_required and not rule_of(cohort.version.rule).require_surveys:
        raise SurveyRefused(_("The completion rule of this course asks for no surveys."))
    if plan.level != design.level or not design.is_active:
        raise SurveyRefused(_("This survey can no longer be used. Choose another one."))
    if (class_session is not None) != (plan.opens_from == Opens.CLASS):
        raise SurveyRefused(_("Choose the class after which it opens."))
    if class_session is not None and class_session.cohort_id != cohort.pk:
        raise SurveyRefused(_("This class belongs to another cohort."))
    if plan.level == Level.LEARNING and cohort.starts_on is None:
        raise SurveyRefused(_("Asking before and after needs the first day of the cohort. Set it first."))


@transaction.atomic
def stop_survey(*, survey: CohortSurvey, actor: Asker, reason: str) -> bool:
    """Ask nobody any more; what was answered stays. False when that was done before.

    Raises SurveyRefused without a reason. Side effects: open invitations close; an audit entry; who only missed this
    for completion completes.
    """
    if not reason.strip():
        raise SurveyRefused(_("Write why the survey is stopped."))
    if not CohortSurvey.objects.filter(pk=survey.pk, stopped_at=None).update(stopped_at=timezone.now()):
        return False
    _expire(survey.invitations.open())
    record(
        action="lms.stop_survey",
        target=survey,
        actor=actor,
        organisation=survey.cohort.organisation,
        reason=reason.strip(),
    )
    if survey.is_required:
        for enrolment in survey.cohort.enrolments.filter(state=EnrolmentState.ENROLLED):
            complete_if_done(enrolment=enrolment)
    return True


@transaction.atomic
def name_rater(*, invitation: SurveyInvitation, respondent: User, actor: Asker) -> None:
    """Let this person answer an invitation that had nobody. Raises SurveyRefused when somebody was named meanwhile.

    Side effects: an audit entry; the person is told the next time the clock runs.
    """
    if respondent.pk == invitation.subject.user_id:
        raise SurveyRefused(_("Nobody rates themselves here. Choose somebody else."))
    try:
        with transaction.atomic():
            free = SurveyInvitation.objects.without_rater().filter(pk=invitation.pk)
            done = free.update(respondent=respondent)
    except IntegrityError:
        raise SurveyRefused(_("This person is asked about this trainee already."))
    if not done:
        raise SurveyRefused(_("Somebody has been named already, or the survey has closed."))
    invitation.respondent = respondent
    record(
        action="lms.name_rater",
        target=invitation,
        actor=actor,
        organisation=invitation.survey.cohort.organisation,
        after={"user": str(respondent)},
    )
    tell_invited(invitation.survey, timezone.localdate())


# --- Answering -----------------------------------------------------------------------------------------------


def kept_raw(version: SurveyVersion, raw: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a draft keeps of a form: the texts under the names of the questions, as they were typed."""
    found = {}
    for part in version.asked:
        given = [text.replace("\0", "")[:KEPT_TEXT] for text in raw.get(part.key, ())][
            : len(part.choices) or 1
        ]
        if any(text.strip() for text in given):
            found[part.key] = given
    return found


@transaction.atomic
def keep_draft(*, invitation: SurveyInvitation, raw: Raw) -> dict[str, list[str]]:
    """Keep what was typed so far; answers with what is kept. Raises SurveyRefused when nothing is taken any more."""
    refuse_closed(invitation)
    draft = kept_raw(invitation.survey.version, raw)
    if not SurveyInvitation.objects.open().filter(pk=invitation.pk).update(draft=draft):
        raise SurveyRefused(_("This survey has been answered already. Thank you."))
    invitation.draft = draft
    return draft


def refuse_closed(invitation: SurveyInvitation) -> None:
    """Raise SurveyRefused when no answer is taken, saying why."""
    if invitation.state == InvitationState.ANSWERED:
        raise SurveyRefused(_("This survey has been answered already. Thank you."))
    today = timezone.localdate()
    if invitation.is_closed(today):
        raise SurveyRefused(_("This survey has closed. Nothing was sent."))
    if not invitation.window.has_opened(today):
        raise SurveyRefused(_("This survey has not opened yet."))


@transaction.atomic
def send_answers(*, invitation: SurveyInvitation) -> bool:
    """Send what the draft says, exactly once; False when it was sent before (a second click, another tab).

    Raises Incomplete when something must still be answered, and SurveyRefused when the survey has closed.
    Side effects, in order: the answers, of an anonymous survey without any link; the draft is emptied; of a named one an
    audit entry; the notices that asked for it are settled; when completion waits for it, `complete_if_done`.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=invitation.enrolment_id)
    rows = SurveyInvitation.objects.select_for_update(of=("self",)).select_related(
        "survey__version", "survey__cohort__organisation", "respondent"
    )
    row = rows.get(pk=invitation.pk)
    if row.state == InvitationState.ANSWERED:
        return False
    refuse_closed(row)
    checked = policy.check(row.survey.version.parts, row.draft)
    if checked.faults:
        raise Incomplete(_("Some questions still need an answer."))
    try:
        move(row, InvitationState.ANSWERED, MOVES, draft={})
    except StaleState:
        return False
    _keep_response(row, checked.values)
    if not row.survey.is_anonymous:
        record(
            action="lms.send_answers",
            target=row,
            actor=row.respondent,
            organisation=row.survey.cohort.organisation,
            after={"version": row.survey.version.number},
        )
    _settle(row)
    if row.survey.is_required and row.rater == Rater.SELF and enrolment.state == EnrolmentState.ENROLLED:
        complete_if_done(enrolment=enrolment)
    return True


def _keep_response(row: SurveyInvitation, values: dict[str, policy.Value]) -> None:
    anonymous = row.survey.is_anonymous
    SurveyResponse.objects.create(
        survey=row.survey,
        invitation=None if anonymous else row,
        is_anonymous=anonymous,
        rater=row.rater,
        answers=values,
        answered_on=None if anonymous else timezone.localdate(),
        pair=row.pair,
    )
    if anonymous:
        CohortSurvey.objects.filter(pk=row.survey_id).update(is_mixed=False)
        if row.survey.before_id is not None and row.pair is not None:
            SurveyInvitation.objects.filter(pair=row.pair).update(pair=None)


def _settle(row: SurveyInvitation) -> None:
    """The notices about this survey are done with once nothing of it waits for this person."""
    others = row.survey.invitations.open().filter(respondent=row.respondent_id)
    if row.respondent is not None and not others.exists():
        settle(user=row.respondent, source=f"lms.survey:{row.survey_id}:")


# --- The clock -----------------------------------------------------------------------------------------------


def run_surveys() -> None:
    """What time brings: invitations, reminders, closing, and the forgetting that anonymity asks for. Safe to repeat."""
    today = timezone.localdate()
    running = CohortSurvey.objects.running().select_related(
        "cohort__organisation", "version", "class_session", "before"
    )
    for survey in running:
        with transaction.atomic():
            invite(survey, today)
            tell_invited(survey, today)
            remind(survey, today)
    close_due(today)
    forget_pairs(today)
    for survey in CohortSurvey.objects.filter(is_anonymous=True, is_mixed=False):
        mix_answers(survey)


def invite(survey: CohortSurvey, today: date) -> int:
    """Make the invitations that are due and not there yet; returns how many. Three queries, or five."""
    due = _due_enrolments(survey, today)
    if not due:
        return 0
    known: dict[int, set[tuple[str, int | None]]] = {}
    for enrolment_id, rater, user_id in survey.invitations.values_list(
        "enrolment_id", "rater", "respondent_id"
    ):
        known.setdefault(enrolment_id, set()).add((rater, user_id))
    rows = []
    for rater in survey.raters:
        accounts = _accounts(rater, [enrolment for enrolment, _span in due])
        for enrolment, span in due:
            wanted = [
                pk
                for pk in accounts.get(enrolment.person_id, ())
                if rater == Rater.SELF or pk != enrolment.person.user_id
            ]
            _fill_empty(survey, enrolment, rater, wanted, known.get(enrolment.pk, set()))
            rows += _missing(survey, enrolment, span, rater, wanted, known.get(enrolment.pk, set()))
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


def _fill_empty(
    survey: CohortSurvey,
    enrolment: Enrolment,
    rater: str,
    wanted: Sequence[int],
    known: set[tuple[str, int | None]],
) -> None:
    """An invitation that had nobody gets the person who has come since."""
    if not wanted or (rater, None) not in known:
        return
    empty = survey.invitations.without_rater().filter(enrolment=enrolment, rater=rater)
    if empty.update(respondent=wanted[0]):
        known.discard((rater, None))
        known.add((rater, wanted[0]))


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


def tell_invited(survey: CohortSurvey, today: date) -> int:
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


def remind(survey: CohortSurvey, today: date) -> int:
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
        survey=survey.version.title,
        cohort=survey.cohort.title,
    )


def close_due(today: date) -> int:
    """Close what was not answered in time, and what asks somebody who has left; drafts go. Returns how many."""
    rows = SurveyInvitation.objects.open()
    late = rows.filter(closes_on__lt=today, survey__is_required=False)
    left = rows.exclude(enrolment__state__in=LEARNING)
    cancelled = rows.filter(survey__cohort__cancelled_at__isnull=False)
    return sum(_expire(group) for group in (late, left, cancelled))


def _expire(rows: QuerySet[SurveyInvitation]) -> int:
    """Close these invitations; one that is answered at this very moment stays answered."""
    closed = 0
    for row in rows:
        try:
            move(row, InvitationState.EXPIRED, MOVES, draft={})
            closed += 1
        except StaleState:
            continue
    return closed


def forget_pairs(today: date) -> int:
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
def mix_answers(survey: CohortSurvey) -> int:
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
