"""Companion projects: whose they are, what counts as a visit, what is handed in, evaluated and ended, once each."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.states import IllegalMove
from supervision.models import (
    CompanionProject,
    ProjectEvaluation,
    ProjectVisit,
)
from supervision.pairings.actions import NotPossible
from supervision.projects import actions
from supervision.projects.queries import progress_of
from tests.factories import (
    make_circle,
    make_deliverable,
    make_gathering,
    make_pairing,
    make_part,
    make_project,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once
from tests.supervision.projects.acts import values, visit_session


def test_a_project_is_made_with_ones_own_mentees_only(pair, cast, tree):
    today = timezone.localdate()
    given = {
        "supervisor": pair.supervisor,
        "title": "项目",
        "goals": "评估",
        "starts_on": today,
        "actor": cast.supervisor,
    }
    with pytest.raises(NotPossible):
        actions.begin_project(
            mentees=[cast.other_trainee.person], organisation=tree["station"], ends_on=today, **given
        )
    with pytest.raises(NotPossible):
        actions.begin_project(
            mentees=[cast.trainee.person], organisation=tree["other_station"], ends_on=today, **given
        )
    with pytest.raises(NotPossible):
        actions.begin_project(
            mentees=[cast.trainee.person],
            organisation=tree["station"],
            ends_on=today - timedelta(days=1),
            **given,
        )
    for _second_click in range(3):
        project = actions.begin_project(
            mentees=[cast.trainee.person], organisation=tree["station"], ends_on=today, **given
        )
        actions.plan_deliverable(project=project, actor=cast.supervisor, title="需求评估", due_on=today)
    assert (CompanionProject.objects.get(), project.deliverables.count()) == (project, 1)
    assert Notice.objects.filter(user=cast.trainee, kind="supervision.project").count() == 2


def test_a_project_lies_at_an_organisation_of_its_own_mentees(client, pair, cast, tree):
    """That the supervisor has another mentee at another station makes that station no reader of this project."""
    make_pairing(pair.supervisor, cast.outside_trainee.person)
    elsewhere = cast.outside_trainee.person.employer
    assert elsewhere.pk != cast.trainee.person.employer_id
    with pytest.raises(NotPossible):
        actions.begin_project(
            supervisor=pair.supervisor,
            mentees=[cast.trainee.person],
            organisation=elsewhere,
            title="项目",
            goals="评估",
            starts_on=timezone.localdate(),
            ends_on=timezone.localdate(),
            actor=cast.supervisor,
        )
    client.force_login(cast.supervisor)
    new = reverse("supervision:project-new")
    page = client.post(new, values(cast, organisation=str(elsewhere.pk)))
    assert page.status_code == 200 and page.context["form"].errors["organisation"]
    assert not CompanionProject.objects.exists()
    client.post(
        new, values(cast, organisation=str(elsewhere.pk), mentees=[str(cast.outside_trainee.person.pk)])
    )
    assert CompanionProject.objects.get().organisation == elsewhere


def test_accompanying_sessions_and_gatherings_count_as_visits_once(pair, project, cast):
    session = visit_session(pair.pairing)
    other = visit_session(pair.pairing, days_ago=5, mode="private")
    circle = make_circle(pair.supervisor, cast.trainee.person)
    held = make_gathering(circle, days_ago=7, counted_at=timezone.now())
    make_part(held, cast.trainee.person)
    link = {"project": project, "actor": cast.supervisor}
    actions.link_visit(session=session, **link)
    visit = actions.link_visit(gathering=held, **link)
    for wrong in ({"session": session}, {"session": other}, {"gathering": held}, {}):
        with pytest.raises(NotPossible):
            actions.link_visit(**wrong, **link)
    second = make_project(pair.supervisor, cast.trainee.person)
    with pytest.raises(NotPossible):
        actions.link_visit(project=second, actor=cast.supervisor, session=session)
    make_deliverable(project, "accepted")
    make_deliverable(project, due_on=timezone.localdate() - timedelta(days=1))
    make_deliverable(project, "dropped")
    found = progress_of([project.pk])[project.pk]
    assert (found.done, found.wanted, found.overdue, found.visits, found.minutes) == (1, 2, 1, 2, 150)
    actions.unlink_visit(visit=visit, actor=cast.supervisor)
    assert progress_of([project.pk])[project.pk].minutes == 60


def test_what_somebody_said_at_the_end_never_changes(pair, cast):
    project = make_project(pair.supervisor, cast.trainee.person, state="closing")
    said = actions.evaluate_project(
        project=project, person=cast.trainee.person, actor=cast.trainee, mark=4, text="好"
    )
    rows = ProjectEvaluation.objects.filter(pk=said.pk)
    for act in (lambda: rows.update(mark=1), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_only_the_supervisor_leads_it_and_only_its_mentees_hand_in(project, cast):
    thing = make_deliverable(project)
    for user in (cast.trainee, cast.administrator, cast.other_trainee):
        for act in (
            lambda user=user: actions.finish_project(project=project, actor=user),
            lambda user=user: actions.drop_deliverable(deliverable=thing, actor=user),
            lambda user=user: actions.stop_project(project=project, actor=user, reason="x"),
        ):
            with pytest.raises(NotPossible):
                act()
    with pytest.raises(NotPossible):
        actions.hand_in_deliverable(
            deliverable=thing, person=cast.other_trainee.person, actor=cast.other_trainee, message="x"
        )


def test_what_is_handed_in_is_answered_before_the_end(project, cast):
    thing = make_deliverable(project, "handed_in")
    with pytest.raises(NotPossible):
        actions.finish_project(project=project, actor=cast.supervisor)
    actions.accept_deliverable(deliverable=thing, actor=cast.supervisor)
    with pytest.raises(IllegalMove):
        actions.accept_deliverable(deliverable=thing, actor=cast.supervisor)
    actions.finish_project(project=project, actor=cast.supervisor)
    with pytest.raises(NotPossible):
        actions.close_project(project=project, actor=cast.supervisor)


def test_the_supervisor_completes_it_without_waiting_for_the_last(pair, cast):
    make_pairing(pair.supervisor, cast.other_trainee.person)
    project = make_project(pair.supervisor, cast.trainee.person, cast.other_trainee.person, state="closing")
    for user in (cast.supervisor, cast.trainee):
        actions.evaluate_project(project=project, person=user.person, actor=user, mark=4, text="好")
    with pytest.raises(NotPossible):
        actions.evaluate_project(
            project=project, person=cast.trainee.person, actor=cast.trainee, mark=4, text="好"
        )
    with pytest.raises(NotPossible):
        actions.close_project(project=project, actor=cast.trainee)
    assert actions.close_project(project=project, actor=cast.supervisor).state == "closed"


def test_a_project_goes_on_or_is_stopped_with_a_reason(project, cast):
    actions.finish_project(project=project, actor=cast.supervisor)
    actions.go_on_with_project(project=project, actor=cast.supervisor)
    with pytest.raises(NotPossible):
        actions.stop_project(project=project, actor=cast.supervisor, reason=" ")
    actions.stop_project(project=project, actor=cast.supervisor, reason="经费未批")
    with pytest.raises(NotPossible):
        actions.plan_deliverable(
            project=project, actor=cast.supervisor, title="x", due_on=timezone.localdate()
        )


def test_each_is_reminded_once_before_and_once_after(project, cast):
    today = timezone.localdate()
    make_deliverable(project, due_on=today + timedelta(days=2))
    make_deliverable(project, due_on=today - timedelta(days=2))
    make_deliverable(project, due_on=today + timedelta(days=9))
    for _ in range(2):
        actions.remind_deliverables()
    told = Notice.objects.filter(kind="supervision.project")
    assert told.filter(user=cast.trainee).count() == 2
    assert told.filter(user=cast.supervisor).count() == 1


# --- At once ---------------------------------------------------------------------------------------------------


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_handed_in_and_evaluated_at_once_it_happens_once(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make_pairing(supervisor, cast.trainee.person)
    project = make_project(supervisor, cast.trainee.person)
    thing, session = make_deliverable(project), visit_session(pairing)

    def trying(act):
        def one(_number):
            try:
                return act().pk
            except (NotPossible, IllegalMove):
                return None

        return [each for each in at_once(one, list(range(6))) if each is not None]

    hand_in = {"deliverable": thing, "person": cast.trainee.person, "actor": cast.trainee, "message": "好"}
    assert len(trying(lambda: actions.hand_in_deliverable(**hand_in))) == 1
    link = {"project": project, "actor": cast.supervisor, "session": session}
    assert len(trying(lambda: actions.link_visit(**link))) == 1
    assert ProjectVisit.objects.count() == 1
    actions.accept_deliverable(deliverable=thing, actor=cast.supervisor)
    actions.finish_project(project=project, actor=cast.supervisor)
    said = {"project": project, "person": cast.trainee.person, "actor": cast.trainee, "mark": 5, "text": "好"}
    assert len(trying(lambda: actions.evaluate_project(**said))) == 1
    assert make_user("另一人", tree["station"]).person.companion_projects.count() == 0
