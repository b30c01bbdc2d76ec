"""Answers that wait to be read, by paper and question, without a sign of whose they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.access.scope import Asker, scope_of
from core.access.states import Role
from lms.assessments.models import Answer
from lms.assessments.states import AttemptState
from lms.courses.versions import PaperVersion
from lms.enrolments.states import LEARNING
from lms.marking.models import Reading
from lms.marking.policy import Given, Scheme, next_round
from lms.questions.queries import contents_of

ENDED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
FROM_BANK = "bank-"  # how the key of a drawn question begins; its revision follows


def answers_to_read(user: Asker) -> QuerySet[Answer]:
    """The answers without points in the tree where the user marks, of people who learn there; never one's own."""
    desk = scope_of(user).q("attempt__enrolment__cohort__organisation", Role.ADMINISTRATOR, Role.INSTRUCTOR)
    rows = Answer.objects.filter(
        desk,
        points=None,
        attempt__state__in=ENDED,
        attempt__marked_at=None,
        attempt__enrolment__state__in=LEARNING,
    )
    return rows.exclude(attempt__enrolment__person__user=user.pk)


def neutral_number(answer_id: int) -> str:
    """What readers call an answer: the same for all of them, and it tells neither who wrote it nor when."""
    return salted_hmac("lms.marking.number", str(answer_id)).hexdigest()[:6].upper()


def in_neutral_order(answer_ids: Iterable[int]) -> list[int]:
    """The answers in an order that tells nothing."""
    return sorted(answer_ids, key=neutral_number)


@dataclass
class Standing:
    """How far the reading of one answer is. `taken`: rounds that are being read now, or were and not given up."""

    given: list[Given] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    lapsed: dict[int, Reading] = field(default_factory=dict)  # taken, and the time is over
    mine: Reading | None = None
    most: Decimal = Decimal(0)

    def open_round(self, scheme: Scheme) -> int | None:
        """The round that I may take; None where I have read, or nobody is needed at the moment."""
        if self.mine is not None:
            return None
        return next_round(scheme, self.given, self.taken, most=self.most)


def standings_of(answer_ids: Collection[int], user: Asker) -> dict[int, Standing]:
    """How far the reading of these answers is, as this reader may know it. One query."""
    now = timezone.now()
    found: dict[int, Standing] = defaultdict(Standing)
    for row in Reading.objects.filter(answer__in=answer_ids).defer("remark", "criteria"):
        standing = found[row.answer_id]
        standing.most = row.most
        if row.reader_id == user.pk:
            standing.mine = row
        if row.given_at is not None and row.points is not None:
            standing.given.append(Given(row.round, row.points))
        elif row.lease_until > now:
            standing.taken.add(row.round)
        else:
            standing.lapsed[row.round] = row
    return found


@dataclass
class Group:
    """The answers to one question of one paper. `waits`: without points yet; `open`: that I may take; `held`: that I have
    taken; `read`: that I have read, and that wait for another."""

    paper: PaperVersion
    key: str
    number: int | None  # in a fixed paper
    prompt: str
    waits: int = 0
    open: int = 0
    held: int = 0
    read: int = 0


def groups_for(user: Asker) -> list[Group]:
    """What waits for readers, question by question. Four queries at most."""
    rows = list(answers_to_read(user).order_by().values_list("pk", "attempt__paper", "question"))
    standings = standings_of(answers_to_read(user).order_by().values("pk"), user) if rows else {}  # type: ignore[arg-type]
    papers = PaperVersion.objects.select_related("version").in_bulk({paper for _pk, paper, _key in rows})
    prompts = prompts_of(papers.values(), {key for _pk, _paper, key in rows})
    groups: dict[tuple[int, str], Group] = {}
    for pk, paper_id, key in rows:
        if (paper_id, key) not in groups:
            number, prompt = prompts.get((paper_id, key)) or prompts.get((0, key)) or (None, "")
            groups[paper_id, key] = Group(papers[paper_id], key, number, prompt)
        _count(groups[paper_id, key], standings.get(pk) or Standing())
    return sorted(groups.values(), key=lambda one: (one.paper.title, one.paper.pk, one.number or 0, one.key))


def _count(group: Group, standing: Standing) -> None:
    group.waits += 1
    if standing.mine is None:
        group.open += standing.open_round(Scheme.from_data(group.paper.marking)) is not None
    elif standing.mine.given_at is None:
        group.held += 1
    else:
        group.read += 1


def prompts_of(
    papers: Iterable[PaperVersion], keys: Collection[str]
) -> dict[tuple[int, str], tuple[int | None, str]]:
    """Number and prompt of these questions, by paper and key; those of drawn papers stand at 0, without a number. One query
    where there are any."""
    found: dict[tuple[int, str], tuple[int | None, str]] = {}
    for paper in papers:
        for number, row in enumerate(paper.questions, start=1):
            found[paper.pk, row["key"]] = (number, row["prompt"])
    drawn = [key for key in keys if key.startswith(FROM_BANK) and key[len(FROM_BANK) :].isdecimal()]
    contents = contents_of([int(key[len(FROM_BANK) :]) for key in drawn]) if drawn else {}
    for key in drawn:
        if content := contents.get(int(key[len(FROM_BANK) :])):
            found[0, key] = (None, content["prompt"])
    return found
