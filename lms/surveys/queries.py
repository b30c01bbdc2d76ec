"""Reading surveys: what waits for whom, who can be asked about a trainee, and how a page shows a question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person, User
from core.sheets.writing import Heading, Table
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled, words
from lms.enrolments.models import Enrolment
from lms.surveys.models import CohortSurvey, SurveyDesign, SurveyInvitation, SurveyResponse
from lms.surveys.policy import (
    TOP,
    Change,
    Checked,
    Kind,
    Question,
    Raw,
    Tally,
    Value,
    change,
    may_show,
    score,
    tally,
)
from lms.surveys.states import InvitationState, Rater

# --- Who can be asked about a trainee -------------------------------------------------------------------------

SupervisorsOf = Callable[[Collection[int]], Mapping[int, Sequence[int]]]
_supervisors: list[SupervisorsOf] = []


def ask_supervisors_by(function: SupervisorsOf) -> None:
    """Name the function that knows the accounts of people's present supervisors: person ids -> {person id: [user id]}.

    lms knows nothing of supervision; config joins the two.
    """
    _supervisors[:] = [function]


def supervisors_of(person_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """The accounts of the present supervisors of these people."""
    return _supervisors[0](person_ids) if _supervisors and person_ids else {}


def employers_of(person_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """For each person one administrator of their organisation, or of the nearest above it that has any. Two queries."""
    people = Person.objects.filter(pk__in=list(person_ids), employer__isnull=False)
    paths = dict(people.values_list("pk", "employer__path"))
    step = Organisation.steplen
    above = {path[:end] for path in set(paths.values()) for end in range(step, len(path) + 1, step)}
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role=Role.ADMINISTRATOR, organisation__path__in=above, user__is_active=True
    )
    first = dict(held.order_by("-pk").values_list("organisation__path", "user_id"))  # the longest in office
    found = {}
    for person, path in paths.items():
        nearest = max((each for each in first if path.startswith(each)), key=len, default=None)
        if nearest is not None:
            found[person] = [first[nearest]]
    return found


def possible_raters(user: Asker, invitation: SurveyInvitation) -> QuerySet[User]:
    """Whom this officer can ask instead: people with a role in the officer's own tree, never the trainee."""
    roles = (Role.SUPERVISOR, Role.INSTRUCTOR, Role.ADMINISTRATOR)
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        scope_of(user).q("organisation", Role.ADMINISTRATOR, Role.INSTRUCTOR), role__in=roles
    )
    rows = User.objects.filter(pk__in=held.values("user"), is_active=True, person__isnull=False)
    return rows.exclude(pk=invitation.subject.user_id).select_related("person").order_by("person__pinyin")


# --- For those who answer ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SurveyCard:
    """One invitation as the person who is asked sees it."""

    id: int
    title: str
    cohort: str
    about: str  # the trainee's name, "" when it is oneself
    state: str  # open, answered, closed
    closes_on: date
    is_required: bool
    is_anonymous: bool
    is_begun: bool
    url: str

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


def answered_of(enrolment_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """For each of these enrolments how many of the surveys that completion asks for are answered, and how many it asks
    for. Two queries."""
    ids = list(enrolment_ids)
    asked = CohortSurvey.objects.required().filter(cohort__enrolments__in=ids)
    wanted = dict(
        asked.order_by()
        .values_list("cohort__enrolments")
        .annotate(n=Count("pk"))
        .values_list("cohort__enrolments", "n")
    )
    rows = SurveyInvitation.objects.filter(
        enrolment__in=ids,
        rater=Rater.SELF,
        state=InvitationState.ANSWERED,
        survey__in=CohortSurvey.objects.required(),
    )
    done = dict(rows.order_by().values_list("enrolment").annotate(n=Count("pk")))
    return {pk: (done.get(pk, 0), wanted.get(pk, 0)) for pk in ids}


# --- A question on the page ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Shown:
    """One question as the page shows it: in the reader's language, with what was typed so far and what is wrong with it."""

    number: int
    part: Question
    prompt: str
    options: list[Option]
    typed: str
    fault: str

    @property
    def is_answered(self) -> bool:
        return bool(self.typed.strip()) or any(option.is_chosen for option in self.options)

    @property
    def answer(self) -> str:
        """What was answered, in words."""
        chosen = [option.label for option in self.options if option.is_chosen]
        return "、".join(chosen) if chosen else " ".join(filter(None, (self.typed, self.part.unit)))


def here(chinese: str, english: str) -> str:
    """The English text for a reader of English, when there is one."""
    return english if english and (get_language() or "").startswith("en") else chinese


def label_of(question: Question, key: str) -> str:
    """What a key that can be chosen says."""
    if question.kind == Kind.YES_NO:
        return _("Yes") if key == "yes" else _("No")
    if question.kind == Kind.SCALE:
        ends = {"1": question.low, str(TOP): question.high}
        return f"{key} {ends[key]}" if ends.get(key) else key
    return next((here(each.text, each.text_en) for each in question.choices if each.key == key), key)


def shown(parts: Iterable[Question], raw: Raw, checked: Checked | None = None) -> list[Shown]:
    """All questions and headings for the page. Numbers count the questions only."""
    found, number = [], 0
    for part in parts:
        number += part.is_asked
        given = list(raw.get(part.key, ()))
        keys = [str(step) for step in range(1, TOP + 1)] if part.kind == Kind.SCALE else []
        keys += [choice.key for choice in part.choices] + (["yes", "no"] if part.kind == Kind.YES_NO else [])
        fault = checked.faults.get(part.key) if checked else None
        found.append(
            Shown(
                number=number,
                part=part,
                prompt=here(part.prompt, part.prompt_en),
                options=[Option(key, label_of(part, key), key in given) for key in keys],
                typed="" if keys or not given else given[0],
                fault=words(fault) if fault else "",
            )
        )
    return found


def value_words(question: Question, value: Value | None) -> str | int | float:
    """An answer as a person reads it; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(label_of(question, key) for key in value)
    if question.kind in (Kind.ONE, Kind.YES_NO):
        return label_of(question, str(value))
    return value


# --- At the desk ---------------------------------------------------------------------------------------------


def surveys_in(cohort: Cohort) -> list[Any]:
    """The surveys of one cohort with how many were asked and have answered, and how many wait for a rater. One query."""
    answered = Count("invitations", filter=Q(invitations__state=InvitationState.ANSWERED))
    lost = Count(
        "invitations", filter=Q(invitations__state=InvitationState.OPEN, invitations__respondent=None)
    )
    rows = CohortSurvey.objects.filter(cohort=cohort).select_related("version", "class_session", "before")
    return list(rows.annotate(asked=Count("invitations"), answered=answered, without_rater=lost))


def usable_designs(user: Asker) -> QuerySet[SurveyDesign]:
    """The surveys that this officer can put to a cohort."""
    return SurveyDesign.objects.visible_to(user).active().select_related("organisation")


def design_uses(user: Asker) -> QuerySet[Any]:
    """For the list at the desk: each survey with how often it was used. One query."""
    uses = Count("versions__uses", distinct=True)
    rows = SurveyDesign.objects.visible_to(user).select_related("organisation")
    return rows.annotate(uses=uses, newest=Count("versions", distinct=True))


# --- Results -------------------------------------------------------------------------------------------------

FORMER = 5  # earlier cohorts beside this one


@dataclass(frozen=True)
class Group:
    """The answers of one kind of people to one question: trainees, supervisors; after learning, before it."""

    label: str
    tally: Tally


@dataclass(frozen=True)
class Former:
    """What an earlier cohort of the course answered on average."""

    label: str
    n: int
    average: float


@dataclass(frozen=True)
class QuestionResult:
    """Everything that was answered to one question. The first group is the one whose bars are drawn."""

    number: int
    part: Question
    prompt: str
    groups: list[Group]
    change: Change | None
    former: list[Former]
    texts: list[str]

    @property
    def main(self) -> Tally:
        return self.groups[0].tally

    @property
    def top(self) -> float | None:
        """The end of the scale of averages; None where numbers have none."""
        return TOP if self.part.kind == Kind.SCALE else 100 if self.part.tests else None

    @property
    def bars(self) -> list[tuple[str, int, str]]:
        """What was chosen how often, with the share of those who answered, and the right answers marked."""
        n, right = self.main.n, _("right")
        return [
            (
                label_of(self.part, key),
                count,
                " · ".join(filter(None, (f"{count * 100 // n}%", right if key in self.part.correct else ""))),
            )
            for key, count in self.main.counts
            if n
        ]

    @property
    def table(self) -> list[tuple[str, list[int]]]:
        """What was chosen how often in each group."""
        keys = [key for key, _count in self.main.counts]
        counts = [dict(group.tally.counts) for group in self.groups]
        return [(label_of(self.part, key), [each.get(key, 0) for each in counts]) for key in keys]

    @property
    def averages(self) -> list[tuple[str, float, str]]:
        """The averages side by side: groups, or before and after of those who answered both, and earlier cohorts."""
        rows: list[tuple[str, float | None, int]] = []
        if self.change is not None:
            rows += [
                (_("Before"), self.change.before, self.change.n),
                (_("After"), self.change.after, self.change.n),
            ]
        else:
            rows += [(group.label, group.tally.average, group.tally.n) for group in self.groups]
        rows += [(each.label, each.average, each.n) for each in self.former]
        return [(label, round(value, 2), f"n = {n}") for label, value, n in rows if value is not None]


@dataclass(frozen=True)
class PersonChange:
    """One trainee's own averages before and after: ratings from 1 to 5, and the share of right answers in per cent."""

    name: str
    ratings: tuple[float | None, float | None]
    right: tuple[float | None, float | None]


@dataclass(frozen=True)
class Results:
    """All that a survey of one cohort came to. Nothing but the counts while too few have answered."""

    asked: int
    answered: int
    is_shown: bool
    least: int
    questions: list[QuestionResult]
    people: list[PersonChange]


def results_of(survey: CohortSurvey, user: Asker) -> Results:
    """What the survey came to, for whoever may see it. At most five queries, however many have answered."""
    counts = survey.invitations.aggregate(
        asked=Count("pk"), answered=Count("pk", filter=Q(state=InvitationState.ANSWERED))
    )
    rows = responses_of(survey)
    own = [row for row in rows if row.survey_id == survey.pk]
    least, hidden = settings.SURVEY_LEAST, survey.is_anonymous
    if not may_show(len(own), is_anonymous=hidden, least=least):
        return Results(counts["asked"], counts["answered"], False, least, [], [])
    groups = _groups(survey, own, [row for row in rows if row.survey_id != survey.pk])
    pairs = _pairs(survey, rows)
    if not may_show(len(pairs), is_anonymous=hidden, least=least):
        pairs = []
    former = _former(survey, user)
    questions = []
    for number, part in enumerate(survey.version.asked, start=1):
        values = [row.answers.get(part.key) for row in own]
        both = [(before.answers.get(part.key), after.answers.get(part.key)) for before, after in pairs]
        questions.append(
            QuestionResult(
                number=number,
                part=part,
                prompt=here(part.prompt, part.prompt_en),
                groups=[
                    Group(label, tally(part, (row.answers.get(part.key) for row in each)))
                    for label, each in groups
                ],
                change=_shown_change(part, both, hidden, least),
                former=_former_of(part, former),
                texts=_mixed(str(value) for value in values if value) if part.kind == Kind.TEXT else [],
            )
        )
    people = [] if hidden else _people(survey, pairs)
    return Results(counts["asked"], counts["answered"], True, least, questions, people)


def responses_of(survey: CohortSurvey) -> list[SurveyResponse]:
    """The answers of this survey, and of the one before it. One query."""
    wanted = [pk for pk in (survey.pk, survey.before_id) if pk]
    rows = SurveyResponse.objects.filter(survey__in=wanted)
    return list(rows.select_related("invitation__subject__employer", "invitation__respondent__person"))


def _groups(
    survey: CohortSurvey, own: list[SurveyResponse], before: list[SurveyResponse]
) -> list[tuple[str, list[SurveyResponse]]]:
    if before and may_show(len(before), is_anonymous=survey.is_anonymous, least=settings.SURVEY_LEAST):
        return [(_("After"), own), (_("Before"), before)]
    by_rater = [(str(rater.label), [row for row in own if row.rater == rater]) for rater in survey.raters]
    return [group for group in by_rater if group[1]] or [("", own)]


def _pairs(survey: CohortSurvey, rows: list[SurveyResponse]) -> list[tuple[SurveyResponse, SurveyResponse]]:
    """The two answers of the same people; only for a survey that has one before it."""
    if survey.before_id is None:
        return []
    first = {row.pair: row for row in rows if row.survey_id == survey.before_id}
    second = [row for row in rows if row.survey_id == survey.pk and row.pair is not None]
    return [(first[row.pair], row) for row in second if row.pair in first]


def _shown_change(
    part: Question, both: list[tuple[Value | None, Value | None]], hidden: bool, least: int
) -> Change | None:
    found = change(part, both)
    return found if found and may_show(found.n, is_anonymous=hidden, least=least) else None


def _former(survey: CohortSurvey, user: Asker) -> list[tuple[str, list[dict[str, Any]]]]:
    """The answers of the last earlier cohorts of the course to the same survey. Two queries."""
    rows = CohortSurvey.objects.visible_to(user).filter(
        cohort__course=survey.cohort.course_id,
        version__design=survey.version.design_id,
        opens_from=survey.opens_from,
        before__isnull=survey.before_id is None,
        cohort__starts_on__lt=survey.cohort.starts_on or timezone.localdate(),
    )
    former = list(rows.select_related("cohort").order_by("-cohort__starts_on", "-pk")[:FORMER])
    if not former:
        return []
    kept: dict[int, list[dict[str, Any]]] = {}
    for pk, answers in SurveyResponse.objects.filter(survey__in=former).values_list("survey", "answers"):
        kept.setdefault(pk, []).append(answers)
    return [
        (titled(each.cohort.title, each.cohort.title_en), kept[each.pk])
        for each in former
        if may_show(len(kept.get(each.pk, ())), is_anonymous=each.is_anonymous, least=settings.SURVEY_LEAST)
    ]


def _former_of(part: Question, former: list[tuple[str, list[dict[str, Any]]]]) -> list[Former]:
    found = []
    for label, rows in former:
        counted = tally(part, (answers.get(part.key) for answers in rows))
        if counted.average is not None:
            found.append(Former(label, counted.n, counted.average))
    return found


def _people(survey: CohortSurvey, pairs: list[tuple[SurveyResponse, SurveyResponse]]) -> list[PersonChange]:
    ratings = [part for part in survey.version.asked if part.kind == Kind.SCALE]
    tests = [part for part in survey.version.asked if part.tests]

    def average(parts: list[Question], row: SurveyResponse) -> float | None:
        scores = [
            each for each in (score(part, row.answers.get(part.key)) for part in parts) if each is not None
        ]
        return round(sum(scores) / len(scores), 1) if scores else None

    return sorted(
        (
            PersonChange(
                name=after.invitation.subject.name if after.invitation else "",
                ratings=(average(ratings, before), average(ratings, after)),
                right=(average(tests, before), average(tests, after)),
            )
            for before, after in pairs
        ),
        key=lambda person: person.name,
    )


def sheets_of(survey: CohortSurvey, results: Results) -> list[Table]:
    """The results as tables. A row for each answer only where answers have names; the texts of others stand by question,
    mixed, so that no two texts of one person stand together."""
    note = _("%(answered)s of %(asked)s answered") % {"answered": results.answered, "asked": results.asked}
    notes = [f"{survey.version.title} · {survey.cohort.title}", note]
    tables = [Table(_("Summary"), _summary_heads(), _summary_rows(results), notes)]
    if results.people:
        heads = [Heading(_("Name")), *(Heading(label) for label in (_("Ratings before"), _("Ratings after")))]
        heads += [Heading(label) for label in (_("Right before (per cent)"), _("Right after (per cent)"))]
        rows = [[person.name, *person.ratings, *person.right] for person in results.people]
        tables.append(Table(_("Change"), heads, rows))
    if not survey.is_anonymous:
        return [*tables, _answers(survey)]
    texts = [[each.prompt, text] for each in results.questions for text in each.texts]
    return [*tables, Table(_("Texts"), [Heading(_("Question"), 40), Heading(_("Text"), 80)], texts)]


def _summary_heads() -> list[Heading]:
    labels = (_("Answered by"), _("Answers"), _("Average"), _("Choice"), _("Chosen"))
    return [Heading(_("Question"), 40), *(Heading(label) for label in labels)]


def _summary_rows(results: Results) -> Iterator[list[Any]]:
    for each in results.questions:
        for group in each.groups:
            counted = group.tally
            average = None if counted.average is None else round(counted.average, 2)
            start = [each.prompt, group.label, counted.n, average]
            if not counted.counts:
                yield [*start, "", ""]
            for key, count in counted.counts:
                yield [*start, label_of(each.part, key), count]


def _answers(survey: CohortSurvey) -> Table:
    asked = survey.version.asked
    heads = [
        Heading(_("Trainee")),
        Heading(_("Organisation"), 24),
        Heading(_("Answered by")),
        Heading(pgettext("survey", "Day")),
    ]
    rows = [row for row in responses_of(survey) if row.survey_id == survey.pk and row.invitation]
    return Table(
        _("Answers"),
        [*heads, *(Heading(here(part.prompt, part.prompt_en), 24) for part in asked)],
        [
            [
                row.invitation.subject.name if row.invitation else "",
                str(row.invitation.subject.employer or "") if row.invitation else "",
                str(Rater(row.rater).label),
                row.answered_on,
                *(value_words(part, row.answers.get(part.key)) for part in asked),
            ]
            for row in rows
        ],
    )


def _mixed(texts: Iterable[str]) -> list[str]:
    """Texts in an order that says nothing about who wrote them."""
    found = list(texts)
    SystemRandom().shuffle(found)
    return found


# --- One's own data ------------------------------------------------------------------------------------------


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
