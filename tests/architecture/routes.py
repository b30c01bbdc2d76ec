"""Every address of the site, read from the resolver, and what stands in its parts: the rows of `furnishing`."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern, RoutePattern

TALK = "11111111-1111-4111-8111-111111111111"  # of tests/architecture/furnishing/lms.py
FILLERS = {"int": "1", "uuid": str(uuid.UUID(int=1)), "str": "x", "slug": "x", "path": "x"}
# Addresses written as regular expressions, with one that fits. A new one is added here.
FITTING = {
    r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/x/",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-x/",
    r"^((?:[\w\-]+/)*)$": "about/",
    r"^.*/$": "nowhere/",
    r"^(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$": (
        "1/revisions/compare/live...latest/"
    ),
}


@dataclass(frozen=True)
class Route:
    """One address: its full name ("" when it has none), an example of it, and the names of its parts."""

    name: str
    example: str
    parts: tuple[str, ...]


def routes() -> list[Route]:
    """All addresses there are, ours and those of the libraries."""
    return list(_walk(get_resolver(), "", "", ()))


def _walk(resolver: URLResolver, prefix: str, names: str, parts: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        example = prefix + _example(entry.pattern)
        inside = parts + tuple(entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            yield Route(f"{names}{entry.name}" if entry.name else "", f"/{example}", inside)
        else:
            yield from _walk(
                entry, example, f"{names}{entry.namespace}:" if entry.namespace else names, inside
            )


def _example(pattern: Any) -> str:
    if isinstance(pattern, RoutePattern):
        return re.sub(
            r"<(?:(\w+):)?\w+>", lambda found: FILLERS.get(found[1] or "str", "x"), str(pattern._route)
        )
    assert isinstance(pattern, RegexPattern)
    text = str(pattern._regex)
    if text in ("", "^/"):
        return ""
    if text in FITTING:
        return FITTING[text]
    if "(" not in text and "[" not in text:
        return text.lstrip("^").rstrip("$")
    raise AssertionError(f"give an address that fits {text!r} in tests/architecture/routes.py")


Fill = Callable[[SimpleNamespace], dict[str, Any]]


def _pk(name: str, part: str = "pk") -> Fill:
    return lambda rows: {part: getattr(rows, name).pk}


def _lesson(rows: SimpleNamespace) -> dict[str, Any]:
    return {"enrolment_id": rows.enrolment.pk, "key": rows.enrolment.version.outline[0]["items"][0]["key"]}


def _video(*more: str) -> Fill:
    """The video of the lesson that was watched; `more`: a question in it."""
    return lambda rows: _lesson(rows) | {"medium": rows.watching.medium} | dict.fromkeys(more, "point-1")


def _assignment(rows: SimpleNamespace) -> dict[str, Any]:
    return {"enrolment_id": rows.enrolment.pk, "key": rows.submission.key}


def _talk(name: str = "") -> Fill:
    """Inside the conversations of one's own cohort; `name` is the row that the page is about."""

    def fill(rows: SimpleNamespace) -> dict[str, Any]:
        row = getattr(rows, name).pk if name else None
        return {"enrolment_id": rows.enrolment.pk} | ({"pk": row} if name else {})

    return fill


def _award_paper(rows: SimpleNamespace) -> dict[str, Any]:
    ids = {"nomination_id": rows.nomination.pk, "paper_id": rows.nomination_paper.pk}
    return {"pk": rows.judged_round.pk} | ids


# What stands for the parts of each address of ours. A new address with parts is added here.
FILLED: dict[str, Fill] = {
    "core:notice": _pk("notice"),
    **{f"core:{name}": _pk("job") for name in ("job", "job-progress", "job-file", "job-retry", "job-cancel")},
    **{f"people:{name}": _pk("person") for name in ("edit", "detail", "reveal", "declared-decide")},
    **{f"imports:{name}": _pk("sheet") for name in ("detail", "progress", "apply", "drop", "wrong", "codes")},
    "rosters:upload": _pk("cohort", "cohort_id"),
    "imports:blank": lambda rows: {"kind": "people"},
    "organisations:edit": _pk("place"),
    "roles:end": _pk("role"),
    "service-fields:edit": _pk("field"),
    "lms:enrolment-apply": _pk("cohort", "cohort_id"),
    "lms:invitation-enter": _pk("cohort", "cohort_id"),
    "lms:application-document": lambda rows: {"enrolment_id": rows.enrolment.pk, "file_id": rows.proof.pk},
    "lms:enrolment-detail": _pk("enrolment", "enrolment_id"),
    "lms:enrolment-progress": _pk("enrolment", "enrolment_id"),
    **{
        f"lms:enrolment-{name}": _pk("enrolment", "enrolment_id")
        for name in ("withdraw", "accept", "decline", "waiting-list")
    },
    "lms:video-begin": _video(),
    "lms:video-beat": _video(),
    "lms:video-checkpoint": _video("point"),
    "lms:transfer-ask": _pk("enrolment", "enrolment_id"),
    "lms:transfer-move": lambda rows: {"enrolment_id": rows.enrolment.pk, "cohort_id": rows.transfer.to_cohort_id},
    "lms:transfer-take-back": _pk("transfer", "transfer_id"),
    "transfers:cohort": _pk("cohort", "cohort_id"),
    **{f"transfers:{name}": _pk("transfer") for name in ("grant", "refuse")},
    "transfers:move": _pk("enrolment"),
    "lms:attempt-start": lambda rows: {"enrolment_id": rows.enrolment.pk, "key": rows.paper.key},
    "lms:attempt-page": lambda rows: {"attempt_id": rows.attempt.pk, "number": 1},
    "lms:attempt-answer": lambda rows: {"attempt_id": rows.attempt.pk, "question": "question-1"},
    "lms:attempt-elsewhere": _pk("attempt", "attempt_id"),
    "lms:attempt-told": _pk("attempt", "attempt_id"),
    "lms:attempt-submit": _pk("attempt", "attempt_id"),
    "lms:attempt-result": _pk("attempt", "attempt_id"),
    "lms:learning-outline": _pk("enrolment", "enrolment_id"),
    "lms:learning-resume": _pk("enrolment", "enrolment_id"),
    "lms:learning-lesson": _lesson,
    "lms:learning-complete": _lesson,
    "lms:learning-check": lambda rows: _lesson(rows) | {"check_key": "x"},
    "lms:timetable-enrolment": _pk("enrolment", "enrolment_id"),
    "lms:pathway-join": _pk("pathway"),
    **{f"packages:{name}": _pk("package_upload") for name in ("upload", "progress")},
    **{f"packages:{name}": _pk("package") for name in ("detail", "results")},
    "lms:package-begin": _lesson,
    **{name: lambda rows: {"key": rows.registration.key} for name in ("lms:package-save", "lms:package-standing")},
    **{f"lms:pathway-{name}": _pk("on_pathway") for name in ("mine", "leave")},
    **{f"pathways:{name}": _pk("pathway") for name in ("people", "change", "close", "put_on")},
    "timetable:cohort": _pk("cohort", "cohort_id"),
    "timetable:add": _pk("cohort", "cohort_id"),
    "timetable:calendar": _pk("cohort", "cohort_id"),
    **{f"timetable:{name}": _pk("session_of_cohort") for name in ("change", "repeat", "cancel")},
    **{f"lms:assignment-{name}": _assignment for name in ("detail", "draft", "review")},
    "lms:assignments": _pk("enrolment", "enrolment_id"),
    "lms:assignment-file": lambda rows: {"enrolment_id": rows.enrolment.pk, "file_id": rows.submission_file.pk},
    "sittings:cohort": _pk("cohort", "cohort_id"),
    **{f"sittings:{name}": lambda rows: {"cohort_id": rows.cohort.pk, "key": rows.paper.key} for name in ("quiz", "window")},
    "sittings:attempt": _pk("attempt", "attempt_id"),
    "assignments:cohort": _pk("cohort", "cohort_id"),
    **{f"assignments:{name}": _pk("submission") for name in ("mark", "correct", "grant")},
    "assignments:file": _pk("submission_file"),
    **{f"marking:{name}": lambda rows: {"paper_id": rows.paper.pk, "key": "question-1"} for name in ("next", "done", "regrade")},
    **{f"marking:{name}": lambda rows: {"uid": rows.reading.uid} for name in ("read", "back")},
    **{name: _pk("paper", "paper_id") for name in ("marking:paper", "analysis:report", "analysis:make", "analysis:download")},
    "marking:correct": _pk("read_answer"),
    "marking:regraded": _pk("regrade"),
    "lms:peer-review": lambda rows: {"uid": rows.peer_review.uid},
    "lms:peer-file": lambda rows: {"uid": rows.peer_review.uid, "number": 1},
    **{f"assignments:{name}": lambda rows: {"cohort_id": rows.cohort.pk, "key": rows.submission.key} for name in ("peers", "open-round", "likeness", "compare")},
    **{f"lms:{name}": _talk() for name in ("talk", "talk-questions", "talk-ask", "talk-discussion", "talk-start")},
    **{f"lms:talk-announcement{name}": _talk("announcement") for name in ("", "-file")},
    **{f"lms:talk-{name}": _talk("question") for name in ("question", "solve")},
    "lms:talk-thread": lambda rows: {"enrolment_id": rows.enrolment.pk, "pk": rows.post.thread_id},
    **{f"courses:{name}": lambda rows: {"pk": rows.version.course_id} for name in ("check", "ask-links")},
    "lms:talk-place": lambda rows: _lesson(rows) | {"place": TALK},
    "lms:talk-edit": _talk("post"),
    "lms:talk-report": _talk("other_post"),
    **{f"talk:{name}": _pk("cohort", "cohort_id") for name in ("announcements", "announce", "questions", "discussion", "start")},
    **{f"talk:{name}": _pk("announcement") for name in ("announcement", "withdraw", "file")},
    **{f"talk:{name}": _pk("question") for name in ("question", "frequent", "private")},
    **{f"talk:{name}": lambda rows: {"pk": rows.post.thread_id} for name in ("thread", "close")},
    **{f"talk:{name}": _pk("post") for name in ("hide", "keep")},
    "talk:mute": _pk("enrolment", "enrolment_id"),
    "talk:lift": _pk("mute"),
    "talk:words": _pk("place", "organisation_id"),
    "lms:survey-room": _pk("enrolment", "enrolment_id"),
    **{f"lms:survey-{name}": _pk("invitation", "invitation_id") for name in ("answer", "draft", "review", "done")},
    "survey-designs:edit": _pk("design"),
    **{f"questions:{name}": _pk("bank") for name in ("bank", "write", "upload", "alike", "find-alike")},
    **{f"questions:{name}": lambda rows: {"pk": rows.bank.pk, "name": "gift"} for name in ("take-out", "download")},
    **{f"questions:{name}": _pk("bank_question") for name in ("question", "correct", "use", "retire")},
    "questions:keep-both": _pk("alike_pair"),
    "questions:mend": lambda rows: {"pk": rows.question_sheet.pk, "number": 1},
    "questions:picture": lambda rows: {"pk": rows.bank_question.pk, "place": 0},
    "cohort-surveys:cohort": _pk("cohort", "cohort_id"),
    "cohort-surveys:choose": _pk("cohort", "cohort_id"),
    "cohort-surveys:assign": lambda rows: {"cohort_id": rows.cohort.pk, "design_id": rows.design.pk},
    **{f"cohort-surveys:{name}": _pk("survey") for name in ("results", "download", "stop", "raters")},
    "cohort-surveys:name-rater": _pk("unasked"),
    **{f"lms:attendance-{name}": lambda rows: {"uid": rows.klass.uid} for name in ("checkin", "screen", "code")},
    "lms:attendance-own": _pk("enrolment", "enrolment_id"),
    **{
        f"lms:attendance-{name}": lambda rows: {"enrolment_id": rows.enrolment.pk, "uid": rows.klass.uid}
        for name in ("leave", "make-up")
    },
    "lms:attendance-withdraw": _pk("absence"),
    "lms:attendance-document": _pk("absence"),
    "attendance:cohort": _pk("cohort", "cohort_id"),
    "attendance:rule": _pk("cohort", "cohort_id"),
    **{f"attendance:{name}": _pk("klass", "class_id") for name in ("register", "save", "close", "sheet", "upload")},
    "attendance:make-up": lambda rows: {"class_id": rows.klass.pk, "enrolment_id": rows.enrolment.pk},
    "attendance:preview": _pk("participants"),
    "attendance:decide": _pk("absence"),
    "cohorts:edit": _pk("cohort"),
    "cohorts:cancel": _pk("cohort"),
    "applications:cohort": _pk("cohort", "cohort_id"),
    "applications:approve_many": _pk("cohort", "cohort_id"),
    "applications:versions": _pk("cohort", "cohort_id"),
    "applications:move": lambda rows: {"cohort_id": rows.cohort.pk, "version_id": rows.version.pk},
    **{f"applications:{name}": _pk("enrolment") for name in ("approve", "refuse", "withdraw")},
    **{
        f"teaching:{name}": _pk("cohort", "cohort_id")
        for name in ("risk", "contact", "grades", "grades-sheet", "grid", "grid-sheet")
    },
    "teaching:limits": _pk("place", "organisation_id"),
    "application-plans:edit": _pk("plan"),
    "application-plans:read": _pk("plan"),
    **{f"admissions:{name}": _pk("cohort", "cohort_id") for name in ("cohort", "set_quota", "make_code")},
    **{f"admissions:{name}": _pk("code") for name in ("code", "print_code", "revoke_code")},
    "admissions:remove_quota": _pk("quota"),
    **{f"approvals:{name}": _pk("enrolment") for name in ("detail", "decide")},
    "issuing:cohort": _pk("cohort"),
    "certificates:try-again": _pk("pending"),
    "supervisors:edit": _pk("supervisor"),
    "supervisors:designations": _pk("supervisor"),
    "supervisors:end_designation": lambda rows: {"pk": rows.supervisor.pk, "designation_id": rows.designation.pk},
    "supervision_supervisors:chosen": _pk("supervisor"),
    "supervision_people:chosen": _pk("person"),
    **{f"pairings:{name}": _pk("pairing") for name in ("detail", "pause", "resume", "end")},
    **{f"own_trainings:{name}": _pk("own_training") for name in ("inspect", "file")},
    **{f"supervision:training-{name}": _pk("own_training", "training_id") for name in ("correct", "withdraw", "file")},
    "supervision:speciality-drop": _pk("speciality", "speciality_id"),
    "supervision:wish-ask": _pk("pairing", "pairing_id"),
    **{f"supervision:wish-{name}": _pk("pair_wish", "wish_id") for name in ("detail", "withdraw")},
    "pair_wishes:inspect": _pk("pair_wish"),
    "supervision_functions:detail": _pk("function"),
    **{f"certificates:{name}": _pk("certificate") for name in ("inspect", "revoke", "replace", "renew", "redraw")},
    **{f"keys:{name}": _pk("signing_key") for name in ("rotate", "withdraw")},
    "credentials:certificate-detail": lambda rows: {"serial": rows.certificate.serial},
    **{f"designs:{name}": _pk("template") for name in ("inspect", "edit", "publish")},
    "designs:preview": lambda rows: {"pk": rows.template.pk, "number": 1},
    "designs:choose": _pk("cohort", "cohort_id"),
    **{f"policies:{name}": _pk("policy") for name in ("inspect", "edit", "answer", "publish", "attempt")},
    "policies:version": lambda rows: {"pk": rows.policy.pk, "number": 1},
    "credentials:badge-page": lambda rows: {"serial": rows.certificate.serial},
    "credentials:certificate-file": lambda rows: {"serial": rows.certificate.serial},
    "credentials:hours-evidence": _pk("hours"),
    "hours:take-back": _pk("hours"),
    "credentials:period-withdraw": _pk("period"),
    "credentials:pack-make": _pk("period"),
    "credentials:pack-file": _pk("pack"),
    "credentials:exam-forget": _pk("exam_pass"),
    "forecasts:ask": _pk("policy"),
    "forecasts:inspect": _pk("forecast"),
    **{
        f"credentials:claim-{name}": _pk("claim")
        for name in (
            *("detail", "edit", "autosave", "paper-add", "scan-take", "check", "form"),
            *("withdraw", "appeal", "account", "take-back"),
        )
    },
    "credentials:claim-paper": lambda rows: {"pk": rows.claim.pk, "paper_id": rows.claim_paper.pk},
    **{f"payments:{name}": _pk("payment_batch") for name in ("batch", "results", "enter")},
    "payments:act": lambda rows: {"pk": rows.payment_batch.pk, "verb": "cancel"},
    "payments:paper": lambda rows: {"pk": rows.payment_batch.pk, "paper": "roster"},
    **{
        f"payments:{name}": lambda rows: {"pk": rows.payment_batch.pk, "line_id": rows.payment_line.pk}
        for name in ("drop", "result")
    },
    "payments:reverse": lambda rows: {
        "pk": rows.payment_reversal.line.batch_id,
        "line_id": rows.payment_reversal.line_id,
    },
    **{f"payments:{name}": _pk("payment_reversal") for name in ("reversal", "reversal_proof")},
    "payments:build": lambda rows: {"policy_id": rows.payment_batch.policy_id},
    **{f"credentials:qualification-{name}": _pk("qualification") for name in ("detail", "scan", "withdraw")},
    "qualifications:inspect": _pk("qualification"),
    "qualifications:conflicts": _pk("qualification_sheet", "sheet_id"),
    **{f"credentials:award-{name}": _pk("award_round") for name in ("round", "nominate")},
    **{f"credentials:award-{name}": _pk("judged_round") for name in ("vote", "panel")},
    "credentials:award-score": lambda rows: {"pk": rows.judged_round.pk, "nomination_id": rows.nomination.pk},
    "credentials:award-score-paper": _award_paper,
    **{f"credentials:nomination{name}": _pk("nomination") for name in ("", "-decide")},
    "credentials:nomination-paper": lambda rows: {"pk": rows.nomination.pk, "paper_id": rows.nomination_paper.pk},
    **{f"award-rounds:{name}": _pk("judged_round") for name in ("inspect", "add-member", "shortlist", "cancel")},
    "award-rounds:edit": _pk("draft_round"),
    "award-rounds:step": lambda rows: {"pk": rows.draft_round.pk, "name": "open"},
    "award-rounds:remove-member": lambda rows: {"pk": rows.judged_round.pk, "member_id": rows.panel_member.pk},
    "award-rounds:nominee": lambda rows: {"pk": rows.judged_round.pk, "nomination_id": rows.nomination.pk},
    "award-rounds:paper": _award_paper,
    **{name: _pk("claim") for name in ("claims:inspect", "claims:conflict", "claims:fill", "claims:give", "claims:close")},
    "claims:paper": lambda rows: {"pk": rows.claim.pk, "paper_id": rows.claim_paper.pk},
    "claims:appeal": _pk("claim_appeal"),
    "claims:post": lambda rows: {"policy_id": rows.claim.version.subsidy_id},
    **{
        name: lambda rows: {"person_id": rows.claim.person_id}
        for name in ("claims:enter", "claims:ledger", "claims:earlier")
    },
    "claims:correct-earlier": lambda rows: {
        "person_id": rows.payment_entry.person_id,
        "pk": rows.payment_entry.pk,
    },
    "public-notices:inspect": _pk("public_notice"),
    "public-notices:objection": lambda rows: {"notice_id": rows.public_notice.pk, "pk": rows.objection.pk},
    "conduct:inspect": _pk("conduct"),
    "conduct:add": _pk("person", "person_id"),
    "commendations:inspect": _pk("commendation"),
    "commendations:add": _pk("person", "person_id"),
    "internships:edit": _pk("internship"),
    "internships:inspect": _pk("internship"),
    "internships:add": _pk("person", "person_id"),
    "internships:proof": _pk("employment"),
    **{f"credentials:internship-{name}": _pk("internship") for name in ("confirm", "paper")},
    "credentials:internship-sign": _pk("placed_internship"),
    "credentials:internship-employment": _pk("ended_internship"),
    "credentials:employment-paper": lambda rows: {"pk": rows.employment.pk, "which": "contract"},
    "credentials:employment-withdraw": _pk("employment"),
    "periods:inspect": _pk("period"),
    "levels:edit": _pk("level"),
    **{f"credentials:manual-{name}": _pk("manual") for name in ("detail", "proof", "withdraw")},
    "manual-entries:inspect": _pk("manual"),
    "manual-entries:enter": _pk("person", "person_id"),
    "credentials:statement-file": lambda rows: {"serial": rows.statement.serial},
    "statements:person": _pk("person", "person_id"),
    **{f"talent:{name}": _pk("person") for name in ("person", "cv", "give", "route")},
    "talent:drop": _pk("search"),
    **{f"posts:{name}": _pk("staff_post") for name in ("inspect", "edit")},
    "posts:end": _pk("holding"),
    "posts:fill": _pk("staff_post"),
    "sectors:edit": lambda rows: {"pk": rows.staff_post.sector_id},
    "plans:inspect": _pk("talent_plan"),
    **{f"plans:{name}": _pk("target") for name in ("divide", "remove")},
    **{
        f"supervision:{name}": _pk("pairing", "pairing_id")
        for name in ("pairing-detail", "session-log", "session-draft")
    },
    "supervision:supervisor-ask": _pk("supervisor", "supervisor_id"),
    **{
        f"supervision:request-{name}": _pk("supervision_request", "request_id")
        for name in ("detail", "accept", "decline", "withdraw")
    },
    "supervision:agreement-draft": _pk("pairing", "pairing_id"),
    **{
        f"supervision:agreement-{name}": _pk("agreement", "agreement_id")
        for name in ("detail", "propose", "accept", "return", "withdraw", "pdf")
    },
    "supervision:goal-set": _pk("pairing", "pairing_id"),
    "pairings:change": _pk("pairing"),
    "supervision:evaluation-detail": _pk("evaluation", "evaluation_id"),
    "supervision:growth-pairing": _pk("pairing", "pairing_id"),
    "evaluation_templates:edit": lambda rows: {"pk": rows.evaluation.template_id},
    **{f"supervision_reports:{name}": _pk("supervision_report") for name in ("detail", "pdf", "xlsx")},
    **{f"supervision_allowances:{name}": _pk("allowance") for name in ("detail", "correct", "pdf", "xlsx")},
    **{
        f"supervision:circle-{name}": _pk("circle", "circle_id")
        for name in ("detail", "change", "join", "invite", "hand-over", "close")
    },
    **{f"supervision:gathering-{name}": _pk("circle", "circle_id") for name in ("plan", "record")},
    **{f"supervision:member-{name}": _pk("circle_member", "member_id") for name in ("accept", "decline", "leave")},
    **{f"supervision:gathering-{name}": _pk("gathering", "gathering_id") for name in ("change", "cancel", "log")},
    **{f"supervision:gathering-{name}": _pk("held", "gathering_id") for name in ("detail", "amend", "note", "list")},
    "supervision:part-add": _pk("held", "gathering_id"),
    **{f"supervision:part-{name}": _pk("part", "part_id") for name in ("confirm", "dispute", "correct", "remove")},
    **{
        f"supervision:project-{name}": _pk("companion_project", "project_id")
        for name in ("detail", "change", "plan", "link", "finish", "stop", "evaluate")
    },
    "supervision:visit-unlink": _pk("visit", "visit_id"),
    **{f"supervision:deliverable-{name}": _pk("deliverable", "deliverable_id") for name in ("detail", "answer")},
    "supervision:deliverable-file": lambda rows: {
        "deliverable_id": rows.deliverable.pk, "file_id": rows.proof.attachment.pk
    },
    **{f"supervision:gathering-{name}": _pk("circle", "circle_id") for name in ("draft", "sync")},
    **{
        f"supervision:gathering-{name}": _pk("held", "gathering_id")
        for name in ("correct", "attach", "explain")
    },
    "supervision:gathering-file": lambda rows: {"gathering_id": rows.held.pk, "file_id": 0},
    "supervision:action-tick": _pk("action", "action_id"),
    **{f"supervision:correction-{name}": _pk("part_amendment", "answer_id") for name in ("accept", "refuse")},
    "supervision:correction-withdraw": lambda rows: {"amendment_id": rows.part_amendment.amendment_id},
    "late_gatherings:inspect": _pk("late_gathering"),
    "circle_reviews:ask": _pk("circle", "circle_id"),
    "circle_reviews:inspect": _pk("circle_review"),
    "circle_reviews:read": lambda rows: {"pk": rows.circle_review.pk, "gathering_id": rows.held.pk},
    **{f"circles:{name}": _pk("circle") for name in ("detail", "close")},
    "companion_projects:detail": _pk("companion_project"),
    **{
        f"supervision:meeting-{name}": _pk("meeting", "meeting_id")
        for name in (
            *("detail", "accept", "answer", "cancel", "decline"),
            *("ics", "missed", "move", "place", "withdraw"),
        )
    },
    "supervision:meeting-propose": _pk("pairing", "pairing_id"),
    "supervision:slot-book": _pk("slot", "slot_id"),
    "supervision:slot-withdraw": _pk("slot", "slot_id"),
    "holidays:edit": _pk("holiday"),
    "supervision:handover-write": _pk("pairing", "pairing_id"),
    "supervision:handover-detail": _pk("handover", "handover_id"),
    "supervision:handover-release": _pk("handover", "handover_id"),
    "supervision:handover-keep": _pk("handover", "handover_id"),
    "supervision:goal-detail": _pk("goal", "goal_id"),
    "agreement_templates:edit": lambda rows: {"pk": rows.agreement.template_id},
    "competencies:edit": lambda rows: {"pk": rows.goal.competency_id},
    "supervision:application-withdraw": _pk("candidacy", "application_id"),
    "supervision:application-file": lambda rows: {"application_id": rows.candidacy.pk, "file_id": rows.proof.attachment.pk},
    **{
        f"supervision:round-{name}": _pk("matching_round", "round_id")
        for name in ("detail", "supervisors", "mentees", "join", "leave", "wish", "places", "appeal")
    },
    "supervision:appeal-withdraw": _pk("appeal", "appeal_id"),
    "supervision:conflict-end": _pk("conflict", "conflict_id"),
    "conflicts:inspect": _pk("conflict"),
    **{
        f"rounds:{name}": _pk("matching_round")
        for name in (
            "edit", "detail", "move", "cancel", "next", "mentees", "supervisors", "out", "results", "try", "trial",
            "decide_trial", "prices", "export", "knobs", "draw",
        )
    },
    "rounds:places": lambda rows: {"pk": rows.matching_round.pk, "member_id": rows.round_member.pk},
    **{
        f"rounds:{name}": lambda rows: {"pk": rows.matching_round.pk, "line_id": rows.round_line.pk}
        for name in ("line", "retry")
    },
    "rounds:appeal": lambda rows: {"pk": rows.matching_round.pk, "appeal_id": rows.appeal.pk},
    "supervision:own-document": _pk("designation", "designation_id"),
    "appointments:inspect": _pk("candidacy"),
    "appointments:file": lambda rows: {"pk": rows.candidacy.pk, "file_id": rows.proof.attachment.pk},
    "supervisors:document": lambda rows: {"pk": rows.supervisor.pk, "designation_id": rows.designation.pk},
    **{
        f"supervision:session-{name}": _pk("session", "session_id")
        for name in (
            *("detail", "confirm", "dispute", "amend", "cancel", "note"),
            *("correct", "reflect", "explain", "attach", "pdf"),
        )
    },
    "supervision:session-sync": _pk("pairing", "pairing_id"),
    "supervision:session-file": lambda rows: {"session_id": rows.session.pk, "file_id": 0},
    **{
        f"supervision:amendment-{name}": _pk("amendment", "amendment_id")
        for name in ("accept", "refuse", "withdraw")
    },
    "supervision:follow-up-tick": lambda rows: {"follow_up_id": 0},
    "late_records:inspect": _pk("late"),
    "session_reviews:ask": _pk("pairing", "pairing_id"),
    "session_reviews:inspect": _pk("review"),
    "session_reviews:read": lambda rows: {"pk": rows.review.pk, "session_id": rows.session.pk},
}  # fmt: skip


def address_of(route: Route, rows: SimpleNamespace) -> str:
    return reverse(route.name, kwargs=FILLED[route.name](rows)) if route.parts else route.example
