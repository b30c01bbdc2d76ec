"""Every model whose rows are scoped has a rule for looking at one, and a test that the two agree."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import rules
from django.apps import apps
from wagtail.models import Orderable, Page, Task

TESTED_IN = {
    "core": "tests.core.access.test_rules",
    "lms": "tests.lms.test_rules",
    "supervision": "tests.supervision.test_rules",
    "credentials": "tests.credentials.test_rules",
}
# Whoever is signed in may see these rows: the rule is only about the list at the desk.
FOR_ALL = {
    "core.Holiday",
    "core.ServiceField",
    "credentials.QualificationLevel",
    "credentials.Sector",
    "supervision.Competency",
}
SCOPED = [
    model
    for app in TESTED_IN
    for model in apps.get_app_config(app).get_models()
    if hasattr(model._default_manager, "visible_to")
]
# Rows that have no scope of their own, and through what alone they are reached.
REACHED_THROUGH = {
    "a row that has a scope": {
        "core.Attachment": "whatever it was handed in with",
        "core.ImportLine": "its import",
        "core.JobFailure": "its job",
        "credentials.Achievement": "the badges that are for it",
        "credentials.DesignChoice": "its cohort",
        "credentials.DesignPicture": "its template",
        "credentials.DesignVersion": "its template",
        "credentials.PlanTarget": "its plan",
        "credentials.AwardGrant": "its round",
        "credentials.AwardIndicator": "its round",
        "credentials.AwardResult": "its round",
        "credentials.AwardSuccession": "its round",
        "credentials.NominationPaper": "its nomination, or the panel member's own list",
        "credentials.PanelConflict": "its round, and the member themself",
        "credentials.PanelMember": "its round, and the member themself",
        "credentials.PanelScore": "the member themself; the desk sees the means",
        "credentials.PolicyVersion": "its policy",
        "credentials.PublicNoticeLine": "its notice",
        "credentials.SettledLine": "its notice",
        "lms.Answer": "its attempt",
        "lms.AnswerFile": "its application",
        "lms.ApplicationRecord": "its application",
        "lms.ApprovalStep": "its application (`shown_to` is the desk's own scope)",
        "lms.AttemptEvent": "its attempt",
        "lms.CriterionMark": "its hand-in",
        "lms.ExtraAttempt": "its attempt",
        "lms.GivenMark": "its hand-in",
        "lms.InvitationUse": "its code",
        "lms.Launch": "its registration",
        "lms.Mute": "its cohort",
        "lms.PackageVersion": "its package",
        "lms.PathwayCourse": "its pathway",
        "lms.PointsCorrection": "its attempt",
        "lms.Regrade": "its paper",
        "lms.RegradeLine": "its attempt",
        "lms.KnowledgePoint": "its bank",
        "lms.AlikePair": "its bank",
        "lms.QuestionRevision": "its question",
        "lms.PaperWindow": "its cohort",
        "lms.PeerRound": "its cohort; trainees through their own reviews",
        "lms.Reply": "its question or post",
        "lms.Report": "its post",
        "lms.ScoState": "its registration",
        "lms.StateDocument": "its registration; the unit of a launch by its token",
        "lms.Statement": "its registration; the unit of a launch by its token",
        "lms.SubmissionFile": "its hand-in",
        "lms.SurveyVersion": "its survey",
        "supervision.CountedAnswer": "nobody: it keeps an answer from being counted twice",
    },
    "one's own account only": {
        "core.Activation": "a link with a secret",
        "core.Consent": "the person who gave it",
        "core.Delivery": "a notice of the person",
        "core.User": "the person",
        "lms.AnnouncementRead": "who read it",
    },
    "a version of a course, for who may see the cohort or learns it": {
        "lms.AssignmentMedia",
        "lms.AssignmentVersion",
        "lms.CourseVersion",
        "lms.LessonMedia",
        "lms.LessonVersion",
        "lms.PaperVersion",
    },
    "nobody: kept by actions, shown nowhere": {
        "credentials.AwardVote",
        "credentials.CreditedLesson",
        "credentials.PaymentCounter",
        "credentials.SerialCounter",
        "credentials.SettledRevision",
        "credentials.SkippedCredit",
        "credentials.StatementCounter",
    },
    "everybody": {"core.Region", "credentials.StatusList"},
}


def test_what_has_no_scope_is_named_with_the_way_by_which_it_is_reached() -> None:
    apps_of_ours = [apps.get_app_config(app) for app in (*TESTED_IN, "cms")]
    models = [model for app in apps_of_ours for model in app.get_models()]
    tree = {  # pages are written within one's own tree (core/access/pages.py), and read on the site
        model._meta.label for model in models if issubclass(model, Page | Orderable | Task)
    }
    unscoped = {model._meta.label for model in models if not hasattr(model._default_manager, "visible_to")}
    assert unscoped - tree == {label for labels in REACHED_THROUGH.values() for label in labels}


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_a_scoped_model_has_a_rule_for_looking_at_a_row(model: Any) -> None:
    assert rules.perm_exists(f"{model._meta.app_label}.view_{model._meta.model_name}")


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_rows_and_rule_are_compared_for_every_role(model: Any) -> None:
    app = model._meta.app_label
    module = importlib.import_module(TESTED_IN[app])
    if model._meta.label in FOR_ALL:
        return
    assert model in getattr(module, "SAME" if app == "core" else "MODELS")


@pytest.mark.parametrize("app", TESTED_IN)
def test_every_rule_for_looking_belongs_to_scoped_rows(app: str) -> None:
    looks = {name for name in rules.permissions.permissions if name.startswith(f"{app}.view_")}
    scoped = {f"{app}.view_{model._meta.model_name}" for model in SCOPED if model._meta.app_label == app}
    assert looks == scoped
