"""What is measured, and the budget of each: the rows of the table, and the scenarios that give their readings."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.models import HomePage, ProgrammeIndexPage
from cms.navigation.actions import forget_site
from config.bench.content import QUESTIONS, Stage
from config.bench.figures import Budget, Cost
from config.bench.storm import check_ins
from config.bench.visitor import Form, Visitor, measured
from config.demo.names import invented_name
from credentials.certificates.actions import issue
from credentials.certificates.document import render
from credentials.certificates.files import printed_facts, render_file
from credentials.certificates.models import Certificate
from credentials.signatures.actions import sign
from lms.assessments.policy import PAGE_SIZE
from lms.courses.versions import PaperVersion
from lms.enrolments.models import Enrolment
from lms.enrolments.queries import completion_of
from lms.packages.queries import items_of_version, package_version
from lms.videos.queries import asked_of

MOST = 15  # statements on any page
Readings = Iterator[tuple[str, Cost]]


@dataclass(frozen=True)
class Unit:
    """One row of the table."""

    title: str
    budget: Budget = field(default_factory=Budget)


UNITS: dict[str, Unit] = {
    "quiz": Unit("quiz of 20 questions over 4 pages, from its start to the results", Budget(70, 130)),
    "answer-next": Unit("… of it: answer five questions, next page", Budget(p95=12)),
    "quiz-autosave": Unit("the same quiz, each answer also saved when it is chosen (20 more requests)"),
    "lesson": Unit("lesson, first view (writes progress)", Budget(6, 12)),
    "answer-save": Unit("progress write: one answer of a quiz", Budget(3, 4)),
    "check": Unit("progress write: the check question of a lesson", Budget(3, 4)),
    "finish": Unit("progress write: finish a lesson", Budget(3, 4)),
    "heartbeat": Unit("progress write: ten seconds of a video", Budget(3, 4)),
    "scorm-save": Unit("progress write: values of a SCORM package", Budget(3, 4)),
    "outline": Unit("course with 24 activities, signed in", Budget(9, 10)),
    "dashboard": Unit("dashboard of a trainee", Budget(9, 12)),
    "home-kept": Unit("home, anonymous, kept copy", Budget(0.7, MOST)),
    "home": Unit("home, anonymous, made anew", Budget(10, 10)),
    "home-published": Unit("home, anonymous, first after a publication", Budget(statements=MOST)),
    "catalogue-kept": Unit("programmes, anonymous, kept copy", Budget(0.7, MOST)),
    "catalogue": Unit("programmes, anonymous, made anew", Budget(10, 10)),
    "checkin": Unit("check-in: the button, one of 2,000 in a row", Budget(statements=8)),
    "checkin-scan": Unit("check-in: the scan and the page with the button"),
    "verify": Unit("verify a certificate, anonymous", Budget(statements=MOST)),
    "applications": Unit("applications of a cohort, in the admin", Budget(statements=MOST)),
    "certificate": Unit("certificate as PDF, unsigned", Budget(5)),
    "certificate-signed": Unit("certificate as PDF, drawn and signed", Budget(18)),
    "issue": Unit("certificate issued: row, audit, notice, PDF with QR code signed and stored"),
}


def _quiz(stage: Stage, number: int) -> Readings:
    """The journey of the pages alone, which is what a browser without scripts does, and what other systems do."""
    visitor, enrolment = _trainee(stage, number)
    steps = list(_sit(visitor, enrolment, stage.papers[0], autosave=False))
    yield "quiz", sum((cost for _, cost in steps), Cost(0, 0))
    for name, cost in steps:
        if name == "answer-next":
            yield name, cost


def _quiz_autosave(stage: Stage, number: int) -> Readings:
    visitor, enrolment = _trainee(stage, number)
    steps = list(_sit(visitor, enrolment, stage.papers[1], autosave=True))
    yield "quiz-autosave", sum((cost for _, cost in steps), Cost(0, 0))
    yield from ((name, cost) for name, cost in steps if name == "answer-save")


def _sit(visitor: Visitor, enrolment: Enrolment, paper: PaperVersion, *, autosave: bool) -> Readings:
    """From the page before the quiz to its results, with the right answers throughout."""
    start = reverse("lms:attempt-start", args=[enrolment.pk, paper.key])
    yield "start", visitor.get(start).cost
    begun = visitor.post(start)
    yield "start", begun.cost
    page = begun.headers["Location"]
    yield "page", visitor.get(page).cost
    attempt = enrolment.attempts.get(paper=paper)
    for first in range(0, QUESTIONS, PAGE_SIZE):
        asked = paper.questions[first : first + PAGE_SIZE]
        form = [(f"q-{question['key']}", question["correct"][0]) for question in asked]
        for question, answer in zip(asked, form, strict=True):
            place = reverse("lms:attempt-answer", args=[attempt.pk, question["key"]])
            if autosave:
                yield "answer-save", visitor.post(place, [answer], status=200, htmx=True).cost
        number = first // PAGE_SIZE + 2
        went = visitor.post(page, [*form, ("go", str(number) if first + PAGE_SIZE < QUESTIONS else "review")])
        page = went.headers["Location"]
        yield "answer-next", went.cost + visitor.get(page).cost
    handed_in = visitor.post(page)
    yield "hand in", handed_in.cost
    yield "result", visitor.get(handed_in.headers["Location"]).cost


def _lesson(stage: Stage, number: int) -> Readings:
    visitor, enrolment = _trainee(stage, number)
    key, check = stage.lesson.key, stage.lesson.checks[0]
    place = reverse("lms:learning-lesson", args=[enrolment.pk, key])
    yield "lesson", visitor.get(place).cost
    chosen: Form = [("choice", check["correct"][0])]
    place = reverse("lms:learning-check", args=[enrolment.pk, key, check["key"]])
    yield "check", visitor.post(place, chosen, status=200, htmx=True).cost
    yield "finish", visitor.post(reverse("lms:learning-complete", args=[enrolment.pk, key])).cost


def _film(stage: Stage, number: int) -> Readings:
    """The player begins and reports three times, within what the server's clock may be overdrawn."""
    visitor, enrolment = _trainee(stage, number)
    visitor.get(reverse("lms:learning-lesson", args=[enrolment.pk, stage.film.key]))
    place = [enrolment.pk, stage.film.key, asked_of(stage.film)[0]["medium"]]
    who = ("token", f"bench{number}")
    visitor.post(reverse("lms:video-begin", args=place), [who], status=200, htmx=True)
    for beat in range(1, 4):
        played = f"{(beat - 1) * 500}-{beat * 500}@100"
        said = [who, ("number", str(beat)), ("claims", played), ("runs", "1"), ("played", str(beat * 500))]
        yield (
            "heartbeat",
            visitor.post(reverse("lms:video-beat", args=place), said, status=200, htmx=True).cost,
        )


def _package(stage: Stage, number: int) -> Readings:
    """A window opens the first part and saves three times what somebody does on the way through it."""
    visitor, enrolment = _trainee(stage, number)
    visitor.get(reverse("lms:learning-lesson", args=[enrolment.pk, stage.package.key]))
    place = reverse("lms:package-begin", args=[enrolment.pk, stage.package.key])
    item = items_of_version(package_version(stage.package.package_id or 0))[0]["identifier"]
    session = json.loads(visitor.send(place, {"item": item}).body)
    said = {"item": session["item"], "holder": session["holder"]}
    for sequence in range(1, 4):
        values = {"cmi.core.lesson_status": "incomplete", "cmi.core.lesson_location": str(sequence)}
        answer = visitor.send(session["save"], {**said, "sequence": sequence, "values": values})
        yield "scorm-save", answer.cost


def _outline(stage: Stage, number: int) -> Readings:
    place = reverse("lms:learning-outline", args=[stage.halfway.pk])
    yield "outline", _signed_in(stage.halfway, number).get(place).cost


def _dashboard(stage: Stage, number: int) -> Readings:
    yield "dashboard", _signed_in(stage.halfway, number).get(reverse("dashboard")).cost


def _site(name: str, kind: type[Page]) -> Callable[[Stage, int], Readings]:
    """A public page: from its kept copy; made anew (a page asked for with a query is never kept); from nothing."""

    def readings(stage: Stage, number: int) -> Readings:
        visitor, path = Visitor(_address(number)), kind.objects.live().first().get_url()
        if name == "home":
            forget_site()
            yield f"{name}-published", visitor.get(path).cost
        visitor.get(path)
        yield f"{name}-kept", visitor.get(path).cost
        yield name, visitor.get(f"{path}?from=bench").cost

    return readings


def _verify(stage: Stage, number: int) -> Readings:
    certificate = _certificate(number)
    yield "verify", Visitor(_address(number)).get(reverse("verify-code", args=[certificate.code])).cost


def _applications(stage: Stage, number: int) -> Readings:
    visitor = Visitor(_address(number))
    visitor.sign_in(stage.officer)
    yield "applications", visitor.get(reverse("applications:cohort", args=[stage.halfway.cohort_id])).cost


def _document(stage: Stage, number: int) -> Readings:
    """Another name and another code each time, as when a cohort's certificates are made."""
    facts = printed_facts(_certificate(number))
    other = dataclasses.replace(facts, name=invented_name(number), verify_url=f"{facts.verify_url}{number}")
    drawn, cost = measured(lambda: render(other))
    yield "certificate", cost
    yield "certificate-signed", cost + measured(lambda: sign(drawn, at=timezone.now()))[1]


def _issue(stage: Stage, number: int) -> Readings:
    enrolment = Enrolment.objects.select_related("version", "cohort").get(pk=stage.enrolments[number].pk)
    made, cost = measured(lambda: issue(event=completion_of(enrolment)))
    yield "issue", cost + measured(lambda: render_file(certificate_id=made.pk))[1]


SCENARIOS: tuple[tuple[tuple[str, ...], Callable[[Stage, int], Readings]], ...] = (
    (("quiz", "answer-next"), _quiz),
    (("quiz-autosave", "answer-save"), _quiz_autosave),
    (("lesson", "check", "finish"), _lesson),
    (("heartbeat",), _film),
    (("scorm-save",), _package),
    (("outline",), _outline),
    (("dashboard",), _dashboard),
    (("home", "home-kept", "home-published"), _site("home", HomePage)),
    (("catalogue", "catalogue-kept"), _site("catalogue", ProgrammeIndexPage)),
    (("checkin", "checkin-scan"), check_ins),
    (("verify",), _verify),
    (("applications",), _applications),
    (("certificate", "certificate-signed"), _document),
    (("issue",), _issue),
)


def _trainee(stage: Stage, number: int) -> tuple[Visitor, Enrolment]:
    """Somebody who goes through everything for the first time in this round."""
    enrolment = stage.enrolments[number]
    return _signed_in(enrolment, number), enrolment


def _signed_in(enrolment: Enrolment, number: int) -> Visitor:
    visitor = Visitor(_address(number))
    visitor.sign_in(enrolment.person.user)
    visitor.get(reverse("core:notices"))  # not counted: from here on the browser has its CSRF cookie
    return visitor


def _address(number: int) -> str:
    """Another one each round: public questions are limited per address."""
    return f"10.0.{number // 250}.{number % 250 + 1}"


def _certificate(number: int) -> Certificate:
    rows = Certificate.objects.order_by("pk")
    return rows[number % rows.count()]
