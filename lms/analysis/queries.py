"""The attempts that are counted, as the policy wants them, and what it found, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.access.scope import Asker
from core.sheets.writing import Heading, Table
from lms.analysis.models import ItemReport
from lms.analysis.policy import ENOUGH, Asked, Flag, Item, Reply, Sitting, Taken
from lms.assessments.models import Answer, Attempt
from lms.assessments.queries import asked_in
from lms.corrections.queries import corrections_of
from lms.courses.versions import PaperVersion

MOST_PEOPLE, AT_ONCE = 5000, 500
Progress = Callable[[int, int], None]


def counted(user: Asker, paper: PaperVersion) -> tuple[list[int], int]:
    """The first attempt of each person that has a result, of those the user may see; of very many people those who came last.
    And how many people are left out. One query."""
    rows = Attempt.objects.visible_to(user).filter(paper=paper, marked_at__isnull=False)
    first: dict[int, int] = {}
    for pk, person in rows.order_by("started_at", "pk").values_list("pk", "enrolment__person"):
        first.setdefault(person, pk)
    pks = list(first.values())
    return pks[-MOST_PEOPLE:], max(0, len(pks) - MOST_PEOPLE)


def sittings_of(
    paper: PaperVersion, attempt_ids: list[int], progress: Progress
) -> tuple[dict[str, dict[str, Any]], list[Sitting]]:
    """What was asked, by key, and what each person did with it. Two queries for each 500 attempts, and one."""
    corrections = corrections_of(paper.pk)
    asked: dict[str, dict[str, Any]] = {}
    most: dict[int, dict[str, float]] = {}
    sittings: list[Sitting] = []
    fixed = None if paper.bank_id else _mosts(paper.questions, corrections.out, asked)
    for start in range(0, len(attempt_ids), AT_ONCE):
        ids = attempt_ids[start : start + AT_ONCE]
        if fixed is None:
            rows = Attempt.objects.filter(pk__in=ids).values_list("pk", "questions")
            most = {pk: _mosts(questions or [], corrections.out, asked) for pk, questions in rows}
        else:
            most = dict.fromkeys(ids, fixed)
        sittings += _replies(ids, most)
        progress(start + len(ids), len(attempt_ids))
    asked |= corrections.rows(asked.values())
    return asked, sittings


def _mosts(
    rows: list[dict[str, Any]], out: frozenset[str], asked: dict[str, dict[str, Any]]
) -> dict[str, float]:
    """The points of each question that counts; `asked` learns the questions that are new."""
    found = {}
    for row in rows:
        if row["key"] not in out:
            asked.setdefault(row["key"], row)
            found[row["key"]] = float(asked_in(row).points)
    return found


def _replies(ids: list[int], most: Mapping[int, Mapping[str, float]]) -> list[Sitting]:
    found: dict[int, dict[str, Reply]] = {
        pk: {key: Reply(0.0, points) for key, points in most.get(pk, {}).items()} for pk in ids
    }
    rows = Answer.objects.filter(attempt__in=ids).order_by()
    for pk, key, chosen, points, correct in rows.values_list(
        "attempt", "question", "chosen", "points", "correct"
    ):
        if key not in found[pk]:
            continue  # does not count any more
        top = found[pk][key].most
        reached = float(points) if points is not None else (top if correct else 0.0)
        keys = tuple(str(each) for each in chosen) if isinstance(chosen, list) else ()
        found[pk][key] = Reply(min(reached, top), top, keys)
    return list(found.values())


def asked_for(rows: Mapping[str, Mapping[str, Any]]) -> list[Asked]:
    """The questions as the policy wants them."""
    return [
        Asked(key, tuple(choice["key"] for choice in row["choices"]), frozenset(row["correct"]))
        for key, row in rows.items()
    ]


def kept(item: Item, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a report keeps of one question."""
    texts = {choice["key"]: choice["text"] for choice in row["choices"]}
    return {
        "key": item.key,
        "number": number,
        "prompt": row["prompt"][:300],
        "kind": row["kind"],
        "people": item.people,
        "difficulty": round(item.difficulty, 4),
        "discrimination": round(item.discrimination, 4),
        "correlation": None if item.correlation is None else round(item.correlation, 4),
        "flags": [flag.value for flag in item.flags],
        "choices": [_kept_choice(taken, texts) for taken in item.choices],
    }


def _kept_choice(taken: Taken, texts: Mapping[str, str]) -> dict[str, Any]:
    groups = {"upper": taken.upper, "middle": taken.middle, "lower": taken.lower}
    facts = {"text": texts[taken.key][:200], "right": taken.is_right, "number": taken.number}
    return {**facts, **{name: round(value, 4) for name, value in groups.items()}}


def flag_words(flag: str) -> str:
    """What is worth a look, in words."""
    return {
        Flag.FEW: _("Fewer than %(n)s people: no judgement yet.") % {"n": ENOUGH},
        Flag.EASY: _("Too easy: nearly everybody has it."),
        Flag.HARD: _("Very hard: hardly anybody has it."),
        Flag.FLAT: _("Does not separate: strong and weak have it alike."),
        Flag.KEY: _("The key may be wrong: a wrong choice draws the strong."),
        Flag.IDLE: _("A wrong choice is hardly ever taken."),
    }[Flag(flag)]


def report_tables(report: ItemReport) -> list[Table]:
    """The report as two sheets: the questions, and who took which choice."""
    questions = [
        [
            *(row["number"], row["prompt"], row["people"], row["difficulty"], row["discrimination"]),
            *(row["correlation"], " ".join(flag_words(flag) for flag in row["flags"])),
        ]
        for row in report.items
    ]
    choices = [
        [
            *(row["number"], each["text"], _("yes") if each["right"] else _("no"), each["number"]),
            *(each["upper"], each["middle"], each["lower"]),
        ]
        for row in report.items
        for each in row["choices"]
    ]
    heads = [
        _("No."),
        _("Question"),
        pgettext("item analysis", "People"),
        _("Difficulty"),
        _("Discrimination"),
        _("Item-rest correlation"),
    ]
    others = [
        _("No."),
        _("Choice"),
        _("Right"),
        _("Taken by"),
        _("Upper group"),
        _("Middle"),
        _("Lower group"),
    ]
    return [
        Table(_("Questions"), [Heading(each) for each in (*heads, _("Worth a look"))], questions),
        Table(_("Choices"), [Heading(each) for each in others], choices),
    ]
