"""What is said about acts in the audit: the names of facts that are no field of their target, and values that are words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from credentials.certificates.states import ReasonClass
from credentials.claims.states import Verdict
from credentials.payments.states import LineState, ReversalEnd
from lms.admissions.states import Level, Stage, StepState
from lms.teaching.states import Way
from supervision.evaluations.states import Occasion
from supervision.matching.queries.words import SOFT_LABELS
from supervision.matching.states import AppealState, Knob
from supervision.reports.states import Span
from supervision.supervisors.states import Tier

FACTS: dict[str, Any] = {
    "fact.absent": pgettext_lazy("fact", "absent"),
    "fact.on_leave": pgettext_lazy("fact", "on leave"),
    "fact.present": pgettext_lazy("fact", "there"),
    "fact.act": pgettext_lazy("fact", "act"),
    "fact.package": pgettext_lazy("fact", "package"),
    "fact.size": pgettext_lazy("fact", "size in bytes"),
    "fact.sha256": pgettext_lazy("fact", "digest of the file"),
    "fact.file": pgettext_lazy("fact", "file"),
    "fact.questions": pgettext_lazy("fact", "questions"),
    "fact.assignments": pgettext_lazy("fact", "assignments"),
    "fact.batch": pgettext_lazy("fact", "payment batch"),
    "fact.by": pgettext_lazy("fact", "by"),
    "fact.consent": pgettext_lazy("fact", "version of the consent"),
    "fact.courses": pgettext_lazy("fact", "courses"),
    "fact.enrolment": pgettext_lazy("fact", "enrolment"),
    "fact.enrolments": pgettext_lazy("fact", "enrolments"),
    "fact.from_minutes": pgettext_lazy("fact", "from so many minutes"),
    "fact.functions": pgettext_lazy("fact", "functions"),
    "fact.ends_at": pgettext_lazy("fact", "end"),
    "fact.ends_on": pgettext_lazy("fact", "last day"),
    "fact.issuer": pgettext_lazy("fact", "issued by"),
    "fact.hours": pgettext_lazy("fact", "hours"),
    "fact.import": pgettext_lazy("fact", "number of the import"),
    "fact.job": pgettext_lazy("fact", "job"),
    "fact.kept": pgettext_lazy("fact", "kept"),
    "fact.lessons": pgettext_lazy("fact", "lessons"),
    "fact.note": pgettext_lazy("fact", "note"),
    "fact.organisation": pgettext_lazy("fact", "organisation"),
    "fact.places": pgettext_lazy("fact", "places"),
    "fact.number": pgettext_lazy("fact", "number"),
    "fact.page": pgettext_lazy("fact", "page"),
    "fact.papers": pgettext_lazy("fact", "quizzes"),
    "fact.people": pgettext_lazy("fact", "people"),
    "fact.phone": pgettext_lazy("fact", "mobile number"),
    "fact.opened": pgettext_lazy("fact", "opened as"),
    "fact.slot": pgettext_lazy("fact", "paper"),
    "fact.stage": pgettext_lazy("fact", "stage"),
    "fact.starts_at": pgettext_lazy("fact", "start"),
    "fact.starts_on": pgettext_lazy("fact", "first day"),
    "fact.text": pgettext_lazy("fact", "check sum of the text (SHA-256)"),
    "fact.tier": pgettext_lazy("fact", "tier"),
    "fact.title": pgettext_lazy("fact", "title"),
    "fact.type": pgettext_lazy("fact", "type of document"),
    "fact.until": pgettext_lazy("fact", "until"),
    "fact.user": pgettext_lazy("fact", "account"),
    "fact.amount": pgettext_lazy("fact", "amount"),
    "fact.bank": pgettext_lazy("fact", "bank"),
    "fact.failed": pgettext_lazy("fact", "returned by the bank"),
    "fact.paid": pgettext_lazy("fact", "paid"),
    "fact.paper": pgettext_lazy("fact", "paper"),
    "fact.policy": pgettext_lazy("fact", "policy"),
    "fact.minimum": pgettext_lazy("fact", "least number of people"),
    "fact.occasion": pgettext_lazy("fact", "occasion"),
    "fact.span": pgettext_lazy("fact", "covers"),
    "fact.source": pgettext_lazy("fact", "source"),
    "fact.words": pgettext_lazy("fact", "words"),
    "fact.version": pgettext_lazy("fact", "version"),
    "fact.way": pgettext_lazy("fact", "how"),
    "fact.appeal": pgettext_lazy("fact", "number of the appeal"),
    "fact.asked": pgettext_lazy("fact", "asked to agree"),
    "fact.benefit": pgettext_lazy("fact", "benefit"),
    "fact.came": pgettext_lazy("fact", "came"),
    "fact.conflicts": pgettext_lazy("fact", "conflicts of interest"),
    "fact.count": pgettext_lazy("fact", "number"),
    "fact.curves": pgettext_lazy("fact", "curves"),
    "fact.end": pgettext_lazy("fact", "what becomes of the claim"),
    "fact.fingerprint": pgettext_lazy("fact", "fingerprint of the key"),
    "fact.kind": pgettext_lazy("fact", "kind"),
    "fact.knobs": pgettext_lazy("fact", "weights"),
    "fact.lines": pgettext_lazy("fact", "lines"),
    "fact.members": pgettext_lazy("fact", "members of the panel"),
    "fact.name": pgettext_lazy("fact", "name"),
    "fact.field": pgettext_lazy("fact", "field"),
    "fact.nomination": pgettext_lazy("fact", "number of the nomination"),
    "fact.not_accepted": pgettext_lazy("fact", "not accepted in time"),
    "fact.notice": pgettext_lazy("fact", "number of the notice"),
    "fact.credentials.hand_in.round": pgettext_lazy("fact", "round"),
    "fact.on": pgettext_lazy("fact", "day"),
    "fact.roundsupervisor": pgettext_lazy("fact", "number in the round"),
    "fact.run": pgettext_lazy("fact", "run"),
    "fact.serial": pgettext_lazy("fact", "serial number"),
    "fact.session": pgettext_lazy("fact", "number of the session"),
    "fact.settled": pgettext_lazy("fact", "settled"),
    "fact.shares": pgettext_lazy("fact", "shares"),
    "fact.target": pgettext_lazy("fact", "target"),
    "fact.template": pgettext_lazy("fact", "template"),
    "fact.verdict": pgettext_lazy("fact", "verdict"),
    "fact.weights": pgettext_lazy("fact", "weights"),
    # What is called differently in one act.
    "fact.credentials.divide_target.number": pgettext_lazy("fact", "people"),
    "fact.credentials.remove_target.number": pgettext_lazy("fact", "people"),
    "fact.credentials.set_target.number": pgettext_lazy("fact", "people"),
    "fact.supervision.issue_report.number": pgettext_lazy("fact", "which issue"),
    "fact.lms.approve_step.number": pgettext_lazy("fact", "which stage"),
    "fact.lms.contact_trainee.number": pgettext_lazy("fact", "which contact"),
    "fact.lms.expire_invitations.number": pgettext_lazy("fact", "invitations closed"),
    "fact.lms.grant_attempt.number": pgettext_lazy("fact", "which attempt"),
    "fact.lms.make_code.note": pgettext_lazy("fact", "note"),
    "fact.lms.publish_version.number": pgettext_lazy("fact", "number of the version"),
    "fact.lms.remove_quota.organisation": pgettext_lazy("fact", "kept for"),
    "fact.lms.revoke_code.note": pgettext_lazy("fact", "note"),
    "fact.lms.save_design.number": pgettext_lazy("fact", "questions"),
    "fact.lms.set_quota.organisation": pgettext_lazy("fact", "kept for"),
    "fact.lms.submit_assignment.number": pgettext_lazy("fact", "which attempt"),
    "value.opened.watermark": pgettext_lazy("fact", "with a watermark"),
    "value.opened.plain": pgettext_lazy("fact", "as it is"),
    "value.source.awards": pgettext_lazy("fact", "award round"),
    "value.source.claims": pgettext_lazy("fact", "claims"),
    "value.administrative": pgettext_lazy("fact", "administrative"),
    "value.educational": pgettext_lazy("fact", "educational"),
    "value.supportive": pgettext_lazy("fact", "supportive"),
    "value.source.credentials.manual": pgettext_lazy("fact", "manual entry"),
    "value.source.lms.attendance": pgettext_lazy("fact", "attendance"),
    "value.source.lms.enrolment": pgettext_lazy("fact", "enrolment"),
    "value.source.supervision.session": pgettext_lazy("fact", "session"),
    "value.source.supervision.gathering": pgettext_lazy("fact", "gathering"),
    "value.source.supervision.participation": pgettext_lazy("fact", "participation"),
}
# Parts of a fact that has several: the weights of a matching round, and its knobs.
FACTS |= {f"fact.supervision.save_round.{part}": label for part, label in SOFT_LABELS.items()}
FACTS |= {f"fact.supervision.choose_knobs.{knob}": knob.label for knob in Knob}
# Codes of facts that are no field of their target, as their own choices call them.
CHOICES = {
    "lms.approve_step.state": StepState,  # the target is the enrolment, whose states are others
    "credentials.record_result.state": LineState,  # the target is the batch
    "credentials.replace.kind": ReasonClass,
    "credentials.revoke.kind": ReasonClass,
    "supervision.decide_appeal.state": AppealState,  # the target is the round
    "value.end": ReversalEnd,
    "value.level": Level,
    "value.occasion": Occasion,
    "value.span": Span,
    "value.stage": Stage,
    "value.stages": Stage,
    "value.tier": Tier,
    "value.verdict": Verdict,
    "value.way": Way,
}
