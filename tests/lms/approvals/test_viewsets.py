from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.jobs.actions import run_job
from core.models import AuditEntry, Job
from lms.admissions.actions import HandedIn
from lms.admissions.policy import Answer, Asked
from lms.approvals.queries import waiting_for
from lms.enrolments import actions
from lms.enrolments.actions import apply, approve
from lms.enrolments.jobs import AT_ONCE
from lms.models import Enrolment
from lms.public import handed_in_by
from tests.factories import give_role, make_cohort, make_enrolment, make_plan, make_step, make_user
from tests.lms.admissions.test_views import pdf

INDEX = reverse("approvals:index")
MANY = reverse("approvals:decide_many")


@pytest.fixture
def street(tree, cast):
    user = make_user("仇乐山", tree["street"])
    give_role(user, "administrator", tree["street"])
    return user


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["city"], plan=make_plan(tree["city"], stages=("employer", "county", "city")))


@pytest.fixture
def application(cohort, cast, street):
    from core.attachments.actions import keep_file

    file = keep_file(upload=pdf(), actor=cast.trainee)
    answers = (
        Answer("post", Asked.SHORT, "现任岗位", value="一线社工"),
        Answer("proof", Asked.DOCUMENT, "推荐表", value=file.name, attachment=file.pk),
    )
    return apply(
        cohort=cohort,
        person=cast.trainee.person,
        actor=cast.trainee,
        handed=HandedIn(answers),
        statement="想学",
    ).enrolment


def as_(client, user):
    client.force_login(user)
    return client


def listed(client):
    return [row for row, _step in client.get(INDEX).context["rows"]]


def detail(enrolment):
    return reverse("approvals:detail", args=[enrolment.pk])


def decide(client, enrolment, verdict, comment=""):
    address = reverse("approvals:decide", args=[enrolment.pk])
    return client.post(address, {"verdict": verdict, "comment": comment})


def test_an_application_waits_for_one_tier_after_the_other(client, application, cast, street):
    tiers = [street, cast.administrator, cast.city_administrator]
    for now, officer in enumerate(tiers):
        for number, who in enumerate(tiers):
            assert listed(as_(client, who)) == ([application] if number == now else [])
        assert decide(as_(client, officer), application, "approve", "同意").url == detail(application)
    application.refresh_from_db()
    assert application.state == "enrolled"


def test_where_nobody_is_an_administrator_any_more_the_organiser_is_asked(client, application, cast, street):
    street.roles.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert listed(as_(client, cast.administrator)) == []
    assert listed(as_(client, cast.city_administrator)) == [application]


def test_an_application_without_a_plan_waits_for_the_nearest_administrators(client, tree, cast):
    own = apply(
        cohort=make_cohort(tree["district"]), person=cast.trainee.person, actor=cast.trainee
    ).enrolment
    other = apply(
        cohort=make_cohort(tree["agency"]), person=cast.trainee.person, actor=cast.trainee
    ).enrolment
    assert listed(as_(client, cast.administrator)) == [own, other]
    assert listed(as_(client, cast.city_administrator)) == []
    assert not waiting_for(cast.outsider).exists()


def test_nobody_finds_their_own_application(client, tree, cast):
    apply(cohort=make_cohort(tree["district"]), person=cast.administrator.person, actor=cast.administrator)
    assert listed(as_(client, cast.administrator)) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"stage": "employer"}, 1),
        ({"stage": "county"}, 0),
        ({"stage": "x", "course": "x", "page": "x"}, 1),
        ({"q": "小荷"}, 1),
        ({"q": "nobody"}, 0),
        ({"course": "99999999"}, 0),
        ({"course": "9" * 40}, 1),
    ],
)
def test_the_list_is_filtered_and_nonsense_asks_for_nothing(client, application, street, query, found):
    shown = as_(client, street).get(INDEX, query)
    assert len(shown.context["rows"]) == found


def test_the_page_shows_the_answers_and_opens_the_documents(client, application, street):
    shown = as_(client, street).get(detail(application)).content.decode()
    assert "一线社工" in shown and "想学" in shown
    file = application.record.files.get()
    address = reverse("lms:application-document", args=[application.pk, file.pk])
    assert address in shown
    assert client.head(address).status_code == 200
    assert not AuditEntry.objects.filter(action="lms.open_application_document").exists()
    assert client.get(address).status_code == 200
    entry = AuditEntry.objects.get(action="lms.open_application_document")
    assert (entry.user, entry.data["after"]["document"]) == (street, file.attachment.name)


@pytest.mark.parametrize("part", ["administrator", "outsider", "instructor", "finance", "other_trainee"])
def test_an_application_is_closed_to_whom_it_does_not_wait_for(client, application, cast, part):
    user = as_(client, getattr(cast, part))
    file = application.record.files.get()
    assert client.get(reverse("lms:application-document", args=[application.pk, file.pk])).status_code == 404
    assert user.get(detail(application)).status_code in (302, 403, 404)
    assert decide(user, application, "approve").status_code in (302, 403, 404)
    application.refresh_from_db()
    assert application.steps.filter(state="approved").count() == 0


def test_who_decided_goes_on_seeing_it_and_decides_no_more(client, application, street):
    decide(as_(client, street), application, "approve")
    shown = client.get(detail(application))
    assert shown.status_code == 200 and not shown.context["may_decide"]
    assert decide(client, application, "refuse", "改主意").status_code == 302
    application.refresh_from_db()
    assert application.state == "applied"


@pytest.mark.parametrize("verdict", ["approve", "refuse"])
def test_a_second_click_answers_what_the_first_one_did(client, application, street, verdict):
    as_(client, street)
    said = []
    for _ in range(2):
        decide(client, application, verdict, "材料不全")
        said.append(
            [(str(each), each.level_tag) for each in client.get(detail(application)).context["messages"]]
        )
    assert said[0] == said[1] != []
    assert {tag for _text, tag in said[1]} == {"success"}
    assert application.steps.exclude(decided_at=None).count() == 1


def test_a_second_click_on_the_last_step_says_that_there_is_a_place(tree, cast):
    plain = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "applied")
    clicks = [Enrolment.objects.get(pk=plain.pk) for _ in range(2)]  # both read before either is done
    first, second = (actions.decide(enrolment=row, actor=cast.administrator, approves=True) for row in clicks)
    assert (first, first.done) == (second, True)
    assert not actions.decide(enrolment=plain, actor=cast.city_administrator, approves=True).done
    assert not actions.decide(
        enrolment=clicks[0], actor=cast.administrator, approves=False, comment="改"
    ).done


def test_after_a_decision_the_next_application_is_offered(client, tree, cast, application, street):
    later = make_enrolment(application.cohort, cast.other_trainee.person, "applied")
    make_step(later, application.steps.first().organisation, stage="employer")
    as_(client, street)
    assert detail(later) in client.get(detail(application)).content.decode()
    decide(client, application, "approve")
    assert detail(later) in client.get(detail(application)).content.decode()
    decide(client, later, "approve")
    page = client.get(detail(later)).content.decode()
    assert reverse("approvals:index") in page and detail(application) not in page


def test_whoever_decided_at_a_step_reads_the_application_and_nothing_of_what_is_learned(
    client, application, cast, street
):
    for officer in (street, cast.administrator, cast.city_administrator):
        approve(enrolment=Enrolment.objects.get(pk=application.pk), actor=officer)
    admitted = Enrolment.objects.get(pk=application.pk)
    assert admitted.state == "enrolled"
    as_(client, street)
    assert client.get(detail(admitted)).status_code == 200
    for name in ("lms:enrolment-detail", "lms:enrolment-progress", "lms:timetable-enrolment"):
        assert client.get(reverse(name, args=[admitted.pk])).status_code == 404, name
    assert not street.has_perm("lms.view_enrolment", admitted)
    assert not Enrolment.objects.visible_to(street).exists()


def test_refusing_needs_a_reason_and_what_is_wrong_stands_at_the_field(client, application, street):
    shown = decide(as_(client, street), application, "refuse", " ")
    assert shown.status_code == 200 and "comment" in shown.context["form"].errors
    assert decide(client, application, "nonsense").status_code == 200
    assert decide(client, application, "refuse", "材料不全").status_code == 302
    application.refresh_from_db()
    assert (application.state, application.reason) == ("refused", "材料不全")


def test_many_are_approved_each_with_its_result(client, cohort, application, street, cast, tree):
    second = apply(cohort=cohort, person=cast.other_trainee.person, actor=cast.other_trainee).enrolment
    elsewhere = apply(cohort=cohort, person=cast.outside_trainee.person, actor=cast.outside_trainee).enrolment
    gone = Enrolment.objects.get(pk=second.pk)
    actions.refuse(enrolment=gone, actor=street, reason="材料不全")
    chosen = [application.pk, second.pk, elsewhere.pk, "x", 9**30]
    shown = as_(client, street).post(MANY, {"chosen": chosen})
    assert [(row.name, row.done) for row in shown.context["outcomes"]] == [
        (cast.trainee.person.name, True),
        (cast.other_trainee.person.name, False),
    ]
    assert elsewhere.steps.filter(state="approved").count() == 0
    assert client.post(MANY).url == INDEX


def test_very_many_are_approved_by_a_job_that_follows_each_step(client, tree, cast, street):
    cohort = make_cohort(
        tree["city"], capacity=99, plan=make_plan(tree["city"], stages=("employer", "county"))
    )
    users = [make_user(f"学员{number}", tree["station"]) for number in range(AT_ONCE + 1)]
    rows = [apply(cohort=cohort, person=user.person, actor=user).enrolment for user in users]
    foreign = make_enrolment(make_cohort(tree["other_district"]), cast.outside_trainee.person, "applied")
    answer = as_(client, street).post(MANY, {"chosen": [row.pk for row in [*rows, foreign]]})
    job = Job.objects.get(kind="lms.approve_many")
    assert answer.url == reverse("core:job", args=[job.pk])
    assert client.get(answer.url).status_code == 200
    assert client.post(MANY, {"chosen": [row.pk for row in rows]}).url == answer.url
    assert as_(client, cast.outsider).get(answer.url).status_code == 404
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"done": len(rows), "of": len(rows)})
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"applied"}
    assert not Enrolment.objects.filter(steps__number=1, steps__state="waiting").exists()


@pytest.mark.parametrize("part", ["trainee", "auditor", "instructor", "finance"])
def test_the_list_is_for_administrators(client, cast, part):
    assert as_(client, getattr(cast, part)).get(INDEX).status_code in (302, 403, 404)
    assert client.post(MANY, {"chosen": [1]}).status_code in (302, 403, 404)


def test_the_desk_of_the_cohort_says_for_whom_each_waits(client, cohort, application, cast, tree):
    shown = as_(client, cast.city_administrator).get(reverse("applications:cohort", args=[cohort.pk]))
    page = shown.content.decode()
    assert tree["street"].name in page and "formaction" not in page


def test_the_list_costs_the_same_for_one_and_for_many(client, cohort, application, street, tree):
    costs = []
    for number in range(6):
        user = make_user(f"学员{number}", tree["station"])
        apply(cohort=cohort, person=user.person, actor=user)
        if number in (0, 5):
            as_(client, street).get(INDEX)
            with CaptureQueriesContext(connection) as statements:
                client.get(INDEX)
            costs.append(len(statements))
    assert costs[0] == costs[1]


def test_what_was_handed_in_is_part_of_ones_own_data(application, cast):
    [kept] = handed_in_by(cast.trainee.person)
    assert [row["answer"] for row in kept["answers"]] == ["一线社工", "推荐表.pdf"]
    assert kept["files"] == ["推荐表.pdf"]
    assert handed_in_by(cast.other_trainee.person) == []


@pytest.mark.parametrize("part", ["auditor", "instructor", "finance", "outsider"])
def test_who_only_reads_decides_nothing_alone_or_among_many(client, tree, cast, part):
    plain = apply(
        cohort=make_cohort(tree["district"]), person=cast.trainee.person, actor=cast.trainee
    ).enrolment
    as_(client, getattr(cast, part))
    client.post(reverse("approvals:decide", args=[plain.pk]), {"verdict": "approve", "comment": ""})
    client.post(MANY, {"chosen": [plain.pk]})
    plain.refresh_from_db()
    assert (plain.state, plain.decided_by) == ("applied", None)


def test_the_administrator_who_comes_second_is_told_so(client, application, street, cast, tree):
    other = make_user("路远", tree["street"])
    give_role(other, "administrator", tree["street"])
    place = reverse("approvals:decide", args=[application.pk])
    as_(client, street).post(place, {"verdict": "approve", "comment": ""})
    answer = as_(client, other).post(place, {"verdict": "approve", "comment": ""})
    assert answer.status_code == 302
    assert application.steps.filter(state="approved").count() == 1
