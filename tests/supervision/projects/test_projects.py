from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, User
from core.states import IllegalMove
from supervision.models import (
    CompanionProject,
    Deliverable,
    ProjectEvaluation,
    ProjectLeaving,
    ProjectVisit,
)
from supervision.pairings.actions import NotPossible, end_pairing
from supervision.projects import actions
from supervision.projects.queries import progress_of
from tests.factories import (
    make_circle,
    make_deliverable,
    make_gathering,
    make_pairing,
    make_part,
    make_project,
    make_session,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once

MARKER = "金丝雀暗号canary5512"
READERS = ["administrator", "city_administrator", "auditor"]


def text(response):
    return response.content.decode()


def visit_session(pairing, state="confirmed", days_ago=3, mode="accompanying"):
    session = make_session(pairing, days_ago=days_ago)
    type(session).objects.filter(pk=session.pk).update(mode=mode)
    if state == "confirmed":
        fields = {"state": state, "confirmed_at": timezone.now(), "confirmed_by_id": pairing.mentee.user_id}
        type(session).objects.filter(pk=session.pk).update(**fields)
    session.refresh_from_db()
    return session


@pytest.fixture
def project(pair, cast):
    return make_project(pair.supervisor, cast.trainee.person, title="老年友好社区")


def pdf(name="报告.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 report", content_type="application/pdf")


def values(cast, **more):
    today = timezone.localdate()
    person = cast.trainee.person
    given = {
        "title": "新项目",
        "goals": "评估",
        "mentees": [str(person.pk)],
        "organisation": str(person.employer_id),
    }
    return (
        given | {"starts_on": f"{today:%Y-%m-%d}", "ends_on": f"{today + timedelta(days=90):%Y-%m-%d}"} | more
    )


# --- The way of a project --------------------------------------------------------------------------------------


def test_from_the_beginning_to_the_end_by_clicks(client, pair, cast):
    client.force_login(cast.supervisor)
    assert "林小荷" in text(client.get(reverse("supervision:project-new")))
    client.post(reverse("supervision:project-new"), values(cast))
    project = CompanionProject.objects.get()
    due = f"{timezone.localdate() + timedelta(days=9):%Y-%m-%d}"
    client.post(reverse("supervision:project-plan", args=[project.pk]), {"title": "计划书", "due_on": due})
    thing = Deliverable.objects.get()
    url = reverse("supervision:deliverable-detail", args=[thing.pk])
    answer = reverse("supervision:deliverable-answer", args=[thing.pk])
    client.force_login(cast.trainee)
    assert project.get_absolute_url() in text(client.get(reverse("supervision:project-list")))
    assert client.post(answer, {"to": "accept"}).status_code == 404
    assert client.post(url, {"message": ""}).status_code == 200
    client.post(url, {"message": "请看", "file_1": pdf()})
    thing.refresh_from_db()
    assert (thing.state, thing.files.count()) == ("handed_in", 1)
    client.force_login(cast.supervisor)
    client.post(answer, {"to": "send_back", "note": ""})
    thing.refresh_from_db()
    assert thing.state == "handed_in"
    client.post(answer, {"to": "send_back", "note": "补预算"})
    client.force_login(cast.trainee)
    assert "补预算" in text(client.get(url))
    client.post(url, {"message": "已补", "file_1": pdf()})
    client.force_login(cast.supervisor)
    file_url = reverse("supervision:deliverable-file", args=[thing.pk, thing.files.get().pk])
    assert client.get(file_url).status_code == 200
    client.post(answer, {"to": "accept", "note": "很好"})
    client.post(reverse("supervision:project-finish", args=[project.pk]), {"to": "finish"})
    evaluate = reverse("supervision:project-evaluate", args=[project.pk])
    assert client.post(evaluate, {"mark": "9", "text": "x"}).status_code == 422
    client.post(evaluate, {"mark": "4", "text": "进步明显"})
    client.force_login(cast.trainee)
    assert "进步明显" not in text(client.get(project.get_absolute_url()))
    client.post(evaluate, {"mark": "5", "text": "学到很多"})
    project.refresh_from_db()
    assert project.state == "closed"
    assert "进步明显" in text(client.get(project.get_absolute_url()))


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


# --- Who reads what --------------------------------------------------------------------------------------------


@pytest.fixture
def secret(pair, project, cast):
    """The project with the marker in everything that is for its people."""
    thing = make_deliverable(project)
    actions.hand_in_deliverable(
        deliverable=thing,
        person=cast.trainee.person,
        actor=cast.trainee,
        message=f"{MARKER}交",
        files=[pdf()],
    )
    actions.accept_deliverable(deliverable=thing, actor=cast.supervisor, note=f"{MARKER}批")
    actions.link_visit(project=project, actor=cast.supervisor, session=visit_session(pair.pairing))
    actions.finish_project(project=project, actor=cast.supervisor)
    actions.evaluate_project(
        project=project, person=cast.trainee.person, actor=cast.trainee, mark=5, text=f"{MARKER}评"
    )
    return thing


@pytest.mark.parametrize("part", [*READERS, "outsider", "finance", "instructor", "other_trainee", "operator"])
def test_nobody_else_reads_what_was_handed_in_noted_or_evaluated(client, project, secret, cast, part):
    user = (
        User.objects.create_superuser("operator@example.com") if part == "operator" else getattr(cast, part)
    )
    client.force_login(user)
    places = [
        reverse("companion_projects:index"),
        reverse("companion_projects:index") + f"?q={MARKER}",
        reverse("companion_projects:detail", args=[project.pk]),
        project.get_absolute_url(),
        reverse("audit:index"),
    ]
    for place in places:
        page = text(client.get(place, follow=True))
        for word in ("交", "批", "评"):
            assert f"{MARKER}{word}" not in page, place
    assert client.get(reverse("supervision:deliverable-detail", args=[secret.pk])).status_code == 404
    file_url = reverse("supervision:deliverable-file", args=[secret.pk, secret.files.get().pk])
    assert client.get(file_url).status_code == 404
    assert MARKER not in str(list(AuditEntry.objects.values_list("label", "data")))


@pytest.mark.parametrize("part", READERS)
def test_the_desk_reads_how_it_stands_and_what_is_overdue(client, project, cast, part):
    make_deliverable(project, due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(getattr(cast, part))
    page = text(client.get(reverse("companion_projects:index"), {"overdue": "true"}))
    assert "老年友好社区" in page
    assert "老年友好社区" not in text(client.get(reverse("companion_projects:index"), {"overdue": "false"}))
    assert "需求评估报告" in text(client.get(reverse("companion_projects:detail", args=[project.pk])))
    assert client.get(project.get_absolute_url()).status_code == 200


def test_another_district_reads_nothing_of_it(client, project, cast):
    client.force_login(cast.outsider)
    assert "老年友好社区" not in text(client.get(reverse("companion_projects:index")))
    assert client.get(reverse("companion_projects:detail", args=[project.pk])).status_code == 404
    assert client.get(project.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "\0"},
        {"mentees": ["9" * 30]},
        {"mentees": []},
        {"organisation": "\0"},
        {"starts_on": "0001-01-01"},
        {"ends_on": "9999-12-31"},
        {"ends_on": "2020-01-01", "starts_on": f"{timezone.now().year}-01-02"},
        {"goals": "电话 13800138000"},
    ],
)
def test_what_cannot_be_understood_is_said(client, pair, cast, wrong):
    client.force_login(cast.supervisor)
    assert client.post(reverse("supervision:project-new"), values(cast, **wrong)).status_code == 200
    assert not CompanionProject.objects.exists()


def test_bad_numbers_are_no_error(client, project, cast):
    client.force_login(cast.supervisor)
    url = reverse("supervision:project-link", args=[project.pk])
    for key in ("", "\0", "x", "9" * 40, "٣", "-1"):
        assert client.post(url, {"session": key, "gathering": key}).status_code == 302
    assert (
        client.post(reverse("supervision:project-finish", args=[project.pk]), {"to": "\0"}).status_code == 404
    )
    plan = reverse("supervision:project-plan", args=[project.pk])
    assert client.post(plan, {"title": "x", "due_on": "1990-01-01"}).status_code == 422
    thing = make_deliverable(project, "handed_in")
    answer = reverse("supervision:deliverable-answer", args=[thing.pk])
    assert client.post(answer, {"to": "accept", "note": "x" * 5000}).status_code == 302
    assert client.post(answer, {"to": "accept", "note": "\0"}).status_code == 302
    thing.refresh_from_db()
    assert thing.is_handed_in


@pytest.mark.parametrize("number", [1, 8])
def test_the_lists_cost_the_same_for_one_and_for_many(
    client, pair, cast, project, django_assert_max_num_queries, number
):
    for _ in range(number):
        make_deliverable(make_project(pair.supervisor, cast.trainee.person))
        make_deliverable(project)
    for user, url, expected in (
        (cast.trainee, reverse("supervision:project-list"), 5),
        (cast.administrator, reverse("companion_projects:index"), 2),
        (cast.supervisor, project.get_absolute_url(), 11),
    ):
        client.force_login(user)
        client.get(url)
        with django_assert_max_num_queries(60) as captured:
            client.get(url)
        found = sum('FROM "supervision_' in query["sql"] for query in captured)
        assert found == expected, url


def test_with_the_pairing_the_part_in_the_project_ends(client, pair, cast, tree):
    gone, stays = cast.trainee, make_user("乔木", tree["agency"])
    make_pairing(pair.supervisor, stays.person)
    project = make_project(pair.supervisor, gone.person, stays.person, title="老年友好社区")
    closed = make_project(pair.supervisor, gone.person, state="stopped")
    own = make_deliverable(project, title="需求评估")
    later, theirs = make_deliverable(project, title="总结报告"), make_deliverable(project, title="活动方案")
    hand_in, lead = actions.hand_in_deliverable, {"actor": cast.supervisor}
    hand_in(deliverable=own, person=gone.person, actor=gone, message="我的稿", files=[pdf("我的.pdf")])
    hand_in(deliverable=theirs, person=stays.person, actor=stays, message="他人的稿", files=[pdf("他人.pdf")])
    session = visit_session(pair.pairing)
    actions.link_visit(project=project, session=session, **lead)
    held = visit_session(pair.pairing, days_ago=2)
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="督导有利益冲突")

    assert not project.mentees.filter(pk=gone.person.pk).exists()
    assert closed.mentees.filter(pk=gone.person.pk).exists()
    left = ProjectLeaving.objects.get()
    assert (left.project, left.person) == (project, gone.person)
    assert actions.leave_projects(pairing_id=pair.pairing.pk) == 0
    assert AuditEntry.objects.filter(action="supervision.leave_projects").count() == 1
    told = Notice.objects.filter(user=gone, kind="supervision.project").count()

    # Life goes on without them.
    hand_in(deliverable=later, person=stays.person, actor=stays, message="后来的稿", files=[pdf("后来.pdf")])
    actions.accept_deliverable(deliverable=own, note="后来的意见", **lead)
    actions.accept_deliverable(deliverable=theirs, **lead)
    actions.plan_deliverable(
        project=project, title="新成果", due_on=timezone.localdate() + timedelta(days=1), **lead
    )
    actions.remind_deliverables()
    assert Notice.objects.filter(user=gone, kind="supervision.project").count() == told
    assert Notice.objects.filter(user=stays, source__contains=":soon:").exists()
    actions.link_visit(project=project, session=held, **lead)  # it was held before

    client.force_login(gone)
    assert "老年友好社区" in text(client.get(reverse("supervision:project-list")))
    page = text(client.get(project.get_absolute_url()))
    assert "需求评估" in page
    assert session.get_absolute_url() in page
    for hidden in ("总结报告", "活动方案", "新成果", "乔木"):
        assert hidden not in page
    url = reverse("supervision:deliverable-detail", args=[own.pk])
    assert "我的稿" in text(client.get(url))
    assert "后来的意见" not in text(client.get(url))
    assert (
        client.get(reverse("supervision:deliverable-file", args=[own.pk, own.files.get().pk])).status_code
        == 200
    )
    for thing in (later, theirs):
        assert client.get(reverse("supervision:deliverable-detail", args=[thing.pk])).status_code == 404
        file = reverse("supervision:deliverable-file", args=[thing.pk, thing.files.get().pk])
        assert client.get(file).status_code == 404
    evaluate = reverse("supervision:project-evaluate", args=[project.pk])
    assert client.post(evaluate, {"mark": "5", "text": "好"}).status_code == 404

    client.force_login(cast.supervisor)
    assert "林小荷" in text(client.get(project.get_absolute_url()))
    actions.accept_deliverable(deliverable=later, **lead)
    actions.finish_project(project=project, **lead)
    for person in (stays, cast.supervisor):
        actions.evaluate_project(project=project, person=person.person, actor=person, mark=5, text="好")
    project.refresh_from_db()
    assert project.state == "closed"  # nobody waits for whoever has left


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
