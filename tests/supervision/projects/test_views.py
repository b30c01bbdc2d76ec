"""Companion projects by clicks: from the beginning to the end, who reads what, and what is left of it with the pairing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, User
from supervision.models import (
    CompanionProject,
    Deliverable,
    ProjectLeaving,
)
from supervision.pairings.actions import end_pairing
from supervision.projects import actions
from tests.factories import (
    make_deliverable,
    make_pairing,
    make_project,
    make_user,
)
from tests.supervision.projects.acts import MARKER, READERS, pdf, text, values, visit_session


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
