"""My desk, for every role."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from cms.dashboards.queries import SupervisionDesk
from core.access.states import Role
from credentials.payments.actions import record_result
from supervision.pairings.actions import create_pairing
from supervision.public import ways_of
from supervision.supervisors.actions import register_supervisor
from tests.cms.dashboards.steps import desk, part, waiting_in_all_apps
from tests.factories import (
    give_role,
    make_certificate,
    make_class,
    make_cohort,
    make_enrolment,
    make_on_pathway,
    make_pairing,
    make_pathway,
    make_period,
    make_request,
    make_round,
    make_round_mentee,
    make_session,
    make_supervisor,
    make_user,
)
from tests.factories.subsidies import (
    make_approved,
    make_batch,
    make_claim,
    make_payer,
    make_reviewer,
    make_subsidies,
)


def test_whoever_is_not_signed_in_is_asked_to(client, home):
    assert client.get("/dashboard/").status_code == 302


def test_a_newcomer_is_shown_the_way_to_the_programmes(client, site):
    page = desk(client, make_user("新来的"))
    assert "You have not applied for anything yet" in page
    assert 'href="/xiangmu/"' in page


def test_a_trainee_goes_on_where_they_stopped(client, home, cast, tree):
    cohort = make_cohort(tree["district"], title="秋季班")
    enrolment = make_enrolment(cohort, cast.trainee.person)
    page = desk(client, cast.trainee)
    assert f"/learn/enrolments/{enrolment.pk}/continue/" in page
    assert "秋季班" in page
    assert "Hours so far" in page
    assert "Administrator" not in page


def test_all_classes_of_the_next_days_stand_among_the_dates(client, home, cast, tree):
    cohort = make_cohort(tree["district"], starts_on=timezone.localdate() - timedelta(days=9))
    make_enrolment(cohort, cast.trainee.person)
    for day, title in ((1, "明天的课"), (3, "后天以后的课"), (20, "很久以后的课")):
        make_class(cohort, days=day, title=title, title_en="")
    page = desk(client, cast.trainee)
    assert page.index("明天的课") < page.index("后天以后的课")
    assert "很久以后的课" not in page


def test_the_next_class_is_shown_however_far_it_is(client, home, cast, tree):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, days=20, title="很久以后的课", title_en="")
    assert "很久以后的课" in desk(client, cast.trainee)


def test_a_course_shows_the_nearer_of_its_deadlines(client, home, cast, tree):
    cohort = make_cohort(tree["district"], starts_on=timezone.localdate() - timedelta(days=9))
    make_enrolment(cohort, cast.trainee.person)
    assert "By your pathway until" not in desk(client, cast.trainee)
    pathway = make_pathway(tree["district"], cohort.version, days={0: 30})
    make_on_pathway(pathway, cast.trainee.person)
    page = desk(client, cast.trainee)
    assert "By your pathway until" in page
    due = timezone.localdate() + timedelta(days=30)
    assert f'datetime="{due.isoformat()}"' in page.partition("desk__dates")[0]
    assert "Your pathway asks for" in page


def test_a_session_that_waits_for_my_word_stands_before_everything_else(client, home, cast, tree):
    make_enrolment(make_cohort(tree["district"]), cast.trainee.person)
    pairing = make_pairing(make_supervisor(cast.supervisor), cast.trainee.person)
    make_session(pairing, state="logged")
    page = desk(client, cast.trainee)
    assert page.index("1 session waits for your confirmation") < page.index("desk-learning")


def test_whoever_has_no_supervisor_is_offered_the_next_step(client, home, cast, tree):
    find = reverse("supervision:supervisor-list")
    page = desk(client, cast.trainee)
    assert f'href="{find}"' in page and "You have no supervisor at present" in page
    request = make_request(make_supervisor(cast.supervisor), cast.trainee.person)
    mine = make_round(tree["district"], title="参加的轮次", state="locked")
    make_round_mentee(mine, cast.trainee.person)
    make_round(tree["city"], title="可以参加的轮次")
    hidden = {"state": "draft"}, {"self_join": False}, {"closes_at": timezone.now()}, {"state": "cancelled"}
    for more in hidden:
        make_round(tree["city"], title="没有的轮次", **more)
    make_round(tree["other_district"], title="没有的轮次")
    shown = part(desk(client, cast.trainee), "supervision")
    for words in (
        f"{cast.supervisor.person} You have asked for supervision Waits for the supervisor",
        "参加的轮次 You take part in this round",
        "可以参加的轮次 A matching round that you may join",
        "Find a supervisor",
    ):
        assert words in shown
    assert "没有的轮次" not in shown
    tones = {way.title: way.tone for way in ways_of(cast.trainee.person)}
    assert (tones["参加的轮次"], tones["可以参加的轮次"]) == (
        "wait",
        "info",
    )  # as the rounds themselves show it
    make_pairing(request.supervisor, cast.trainee.person)
    assert "Find a supervisor" not in part(desk(client, cast.trainee), "supervision")


def test_hours_show_their_sum_and_in_a_registration_period_its_target(client, home, cast, tree):
    assert "In all" in part(desk(client, cast.trainee), "learning")
    make_period(cast.trainee.person)
    page = part(desk(client, cast.trainee), "learning")
    assert "0 of 72 hours" in page
    assert "In all" not in page


def test_a_declared_employer_that_waits_is_named(client, home, cast, tree):
    person = cast.trainee.person
    person.declared_employer, person.declared_at = tree["street"], timezone.now()
    person.save()
    assert f"{tree['street']} has not confirmed yet that you work there" in desk(client, cast.trainee)


def test_a_claim_stands_on_the_desk_until_it_is_settled(client, home, cast, tree):
    version = make_subsidies(tree["city"], cast.city_administrator)
    claim = make_claim(cast.trainee.person, version, state="review")
    page = desk(client, cast.trainee)
    assert f'href="{claim.get_absolute_url()}"' in page and "Being reviewed" in page and "Waits for: " in page
    assert "Decided by" in page

    make_batch(
        make_approved(cast.other_trainee.person, version, make_reviewer(tree["city"], "审批人")),
        built_by=make_payer(tree["city"], "制表"),
        released_by=make_payer(tree["city"], "审核"),
        state="released",
    )
    paid = cast.other_trainee.person.claims.get()
    assert f'href="{paid.get_absolute_url()}"' in desk(client, cast.other_trainee)
    line = paid.payment_lines.get()
    record_result(line=line, paid=True, on=timezone.localdate(), actor=line.released_by)
    cache.clear()  # what others do shows within a minute
    assert f'href="{paid.get_absolute_url()}"' not in desk(client, cast.other_trainee)


def test_a_newcomer_is_told_what_conditions_ask_for(client, site, tree):
    newcomer = make_user("新来的")
    assert "Complete my profile" in part(desk(client, newcomer), "learning")
    newcomer.person.employer = tree["station"]
    newcomer.person.practice_started_on = timezone.localdate()
    newcomer.person.save()
    assert "Complete my profile" not in part(desk(client, newcomer), "learning")


def test_an_application_is_shown_with_what_it_waits_for(client, home, cast, tree):
    make_enrolment(make_cohort(tree["district"]), cast.trainee.person, state="applied")
    page = desk(client, cast.trainee)
    assert "My applications" in page
    assert "Application under review" in page


def test_an_administrator_sees_the_applications_of_their_tree_only(client, home, cast, tree):
    cohort = make_cohort(tree["district"], title="本区班")
    make_cohort(tree["other_district"], title="别区班")
    make_enrolment(cohort, cast.trainee.person, state="applied")
    page = desk(client, cast.administrator)
    assert "本区班" in page
    assert "别区班" not in page
    assert "1 application waits" in page


def test_from_the_cohorts_on_both_desks_a_link_leads_to_all(client, home, cast, tree):
    make_cohort(tree["district"])
    for user in (cast.administrator, cast.auditor):
        for page in (desk(client, user), client.get(reverse("wagtailadmin_home")).content.decode()):
            assert re.search(rf'href="{reverse("cohorts:index")}">(All cohorts|全部班次)<', page)


def test_nothing_begins_for_whoever_is_not_admitted_yet_and_who_waits_sees_the_place(
    client, home, cast, tree
):
    cohort = make_cohort(tree["district"], starts_on=timezone.localdate() + timedelta(days=9))
    enrolment = make_enrolment(cohort, cast.trainee.person, state="applied")
    assert " begins" not in desk(client, cast.trainee)
    enrolment.delete()
    make_enrolment(cohort, cast.trainee.person, state="waiting")
    page = desk(client, cast.trainee)
    assert " begins" not in page
    assert "Number 1 on the waiting list" in page


def test_an_administrator_without_cohorts_is_told_what_is_missing(client, home, cast, tree):
    page = desk(client, cast.administrator)
    assert "Once a course is published" in page
    make_cohort(tree["other_district"])  # its course is published for all
    page = desk(client, cast.administrator)
    assert "Choose a published course and open one." in page
    assert f'<a class="button button--primary" href="{reverse("cohorts:add")}"' in page


def test_an_instructor_sees_the_running_cohorts_with_the_next_class_and_the_way_to_the_desk(
    client, home, cast, tree
):
    for number in range(7):
        make_cohort(
            tree["district"], title=f"将开班{number}", starts_on=timezone.localdate() + timedelta(days=40)
        )
    running = make_cohort(
        tree["district"], title="进行中的班", starts_on=timezone.localdate() - timedelta(days=9)
    )
    make_class(running, title="小组工作", title_en="")
    page = desk(client, cast.instructor)
    assert f'href="{reverse("teaching:index")}"' in page
    assert page.index("进行中的班") < page.index("将开班")
    assert "next class: 小组工作" in page
    assert f'href="{reverse("teaching:grades", args=[running.pk])}"' in page
    assert reverse("applications:cohort", args=[running.pk]) not in page


def test_what_waits_for_my_confirmation_leads_to_where_it_is_confirmed(client, home, cast):
    side = SupervisionDesk([], [waiting("/a/", 1), waiting("/b/", 0)], False, None)
    assert side.confirm_url == "/a/"
    side = SupervisionDesk([], [waiting("/a/", 1), waiting("/b/", 2)], False, None)
    assert side.confirm_url == reverse("supervision:home")


def waiting(url, count):
    return SimpleNamespace(url=url, waiting=count)


def test_a_supervisor_sees_the_mentees(client, home, cast):
    supervisor = register_supervisor(
        person=cast.supervisor.person, code="SV001", organisation=cast.supervisor.person.employer, actor=None
    )
    create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=None)
    assert cast.trainee.person.name in desk(client, cast.supervisor)
    assert cast.supervisor.person.name in desk(client, cast.trainee)


def test_a_supervisor_records_a_session_from_the_desk_and_sees_who_waits_longest(client, home, cast, tree):
    supervisor = make_supervisor(cast.supervisor)
    recent, long_ago = make_user("最近见过", tree["station"]), make_user("很久没见", tree["station"])
    seen = make_pairing(supervisor, recent.person)
    unseen = make_pairing(supervisor, long_ago.person)
    make_session(seen, state="confirmed", days_ago=2, minutes=150)
    make_session(unseen, state="confirmed", days_ago=50)
    make_session(unseen, state="disputed", days_ago=51)
    page = desk(client, cast.supervisor)
    text = part(page, "supervision")
    assert reverse("supervision:session-log", args=[unseen.pk]) in page
    assert text.index("很久没见") < text.index("最近见过")
    assert "2 h 30 min confirmed" in text
    assert "50 days ago" in text
    assert "Objection to answer" in text
    mentee = desk(client, recent)
    assert reverse("supervision:session-log", args=[seen.pk]) not in mentee


def test_the_page_of_a_person_shows_what_the_officer_may_see_of_them(client, home, cast, tree):
    person = cast.trainee.person
    mine = make_enrolment(make_cohort(tree["district"], title="本区班"), person)
    make_enrolment(make_cohort(tree["other_district"], title="别区班"), person)
    certificate = make_certificate(person, tree["district"])
    client.force_login(cast.administrator)
    page = client.get(reverse("people:detail", args=[person.pk]), headers={"accept-language": "en"})
    body = page.content.decode()
    for url in (
        reverse("approvals:detail", args=[mine.pk]),
        reverse("certificates:inspect", args=[certificate.pk]),
        f"{reverse('hours:index')}?person={person.pk}",
    ):
        assert url in body
        assert client.get(url).status_code == 200
    assert "本区班" in body and "别区班" not in body


@pytest.mark.parametrize("part", ["instructor", "finance", "auditor", "administrator", "supervisor"])
def test_every_role_has_its_part(client, home, cast, part):
    headings = {"supervisor": "desk-supervision"}
    page = desk(client, getattr(cast, part))
    assert headings.get(part, f"desk-{part}") in page
    assert "My learning" not in page


def test_a_finance_officer_sees_what_waits_to_be_paid_released_and_settled(client, home, cast, tree):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0)
    approver, payer, second = (
        make_reviewer(tree["city"], "审批人"),
        make_payer(tree["city"], "制表人"),
        make_payer(tree["city"], "审核人"),
    )
    fourth = make_user("第四人", tree["station"])
    people = (cast.trainee, cast.other_trainee, cast.outside_trainee, fourth)
    first, other, third, _due = (make_approved(user.person, version, approver) for user in people)
    sent = make_batch(first, other, built_by=payer, released_by=second, state="released")
    for claim, paid in ((first, True), (other, False)):
        line = sent.lines.get(claim=claim)
        record_result(
            line=line, paid=paid, on=timezone.localdate(), reason="" if paid else "户名不符", actor=payer
        )
    make_batch(third, built_by=payer, state="locked")

    for page in (
        part(desk(client, second), "work"),
        client.get(reverse("wagtailadmin_home"), headers={"accept-language": "en"}).content.decode(),
    ):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
        for line in (
            "Approved claims to be paid 1",
            "Payments that the bank returned 1",
            "Batches to release as the second person 1",
        ):
            assert line in text
    assert "Batches to release" not in part(desk(client, payer), "work")  # their own
    assert "Nothing waits for you at present." in part(desk(client, cast.finance), "work")  # of another place


def test_whoever_may_not_open_a_page_of_the_desk_is_told_whom_to_ask(client, home, cast):
    client.force_login(cast.finance)
    answer = client.get(
        reverse("wagtailadmin_explore_root"), follow=True, headers={"accept-language": "zh-hans"}
    )
    assert "请本机构的管理员授予相应角色" in answer.content.decode()


def test_several_roles_have_a_part_each(client, home, cast, tree):
    give_role(cast.trainee, Role.AUDITOR, tree["district"])
    give_role(cast.trainee, Role.SUPERVISOR, tree["district"])
    page = desk(client, cast.trainee)
    for name in ("desk-learning", "desk-supervision", "desk-auditor"):
        assert name in page


def test_the_links_of_a_role_lead_somewhere(client, home, cast):
    for role in ("instructor", "finance", "auditor", "administrator"):
        links = re.findall(r'<nav class="desk__links".*?</nav>', desk(client, getattr(cast, role)), re.DOTALL)
        for url in re.findall(r'href="([^"]+)"', "".join(links)):
            assert client.get(url, follow=True).status_code == 200, (part, url)


def test_a_trainees_desk_costs_at_most_fifteen_statements(
    client, home, cast, tree, django_assert_max_num_queries
):
    version = make_subsidies(tree["city"], cast.city_administrator)
    make_claim(cast.trainee.person, version, state="review")
    for _ in range(3):
        make_enrolment(make_cohort(tree["district"]), cast.trainee.person)
    client.force_login(cast.trainee)
    client.get("/dashboard/")
    with django_assert_max_num_queries(15):
        client.get("/dashboard/")


@pytest.mark.parametrize("part", ["supervisor", "administrator", "auditor", "instructor", "finance"])
def test_other_desks_cost_few_statements(client, home, cast, tree, part, django_assert_max_num_queries):
    waiting_in_all_apps(cast, tree)
    for _ in range(3):
        make_enrolment(make_cohort(tree["district"]), cast.trainee.person, state="applied")
    client.force_login(getattr(cast, part))
    client.get("/dashboard/")
    with django_assert_max_num_queries(15):
        client.get("/dashboard/")


def test_an_auditor_who_is_finance_officer_too_still_sees_the_cohorts(client, home, cast, tree):
    give_role(cast.auditor, Role.FINANCE, tree["district"])
    make_cohort(tree["district"], title="看得见的班")
    assert "看得见的班" in desk(client, cast.auditor)


def test_the_start_page_of_the_admin_speaks_english_and_does_not_lead_to_itself(client, home, cast):
    client.force_login(cast.administrator)
    page = client.get(reverse("wagtailadmin_home"), headers={"accept-language": "en"}).content.decode()
    assert "created in 薪火" not in page
    assert "The whole desk" not in page
    site = client.get("/dashboard/", headers={"accept-language": "en"}).content.decode()
    assert "The whole desk" in site
