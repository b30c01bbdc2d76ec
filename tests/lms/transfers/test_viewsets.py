from django.urls import reverse

from lms.admissions.actions import set_quota
from tests.factories import make_cohort, make_enrolment, make_transfer, make_user
from tests.lms.transfers.steps import again


def test_only_the_organiser_of_the_new_cohort_decides(client, cast, tree, enrolment):
    target = make_cohort(tree["other_district"], enrolment.version, title="外区班")
    wish = make_transfer(enrolment, target)
    grant, refuse = (reverse(f"transfers:{name}", args=[wish.pk]) for name in ("grant", "refuse"))
    for part in ("administrator", "auditor", "instructor", "finance", "trainee"):
        client.force_login(getattr(cast, part))
        assert client.post(grant).status_code in (302, 403, 404)
        assert client.post(refuse, {"reason": "x"}).status_code in (302, 403, 404)
        assert again(wish).state == "asked"
    client.force_login(cast.outsider)
    assert grant in client.get(reverse("transfers:cohort", args=[target.pk])).content.decode()
    for _ in range(2):
        client.post(grant)
    assert (again(wish).state, again(enrolment).cohort) == ("granted", target)


def test_an_officer_moves_somebody_from_the_list_of_applications(client, cast, tree, enrolment, new):
    client.force_login(cast.administrator)
    foreign = make_cohort(tree["other_district"], enrolment.version, title="外区班")
    page = reverse("transfers:move", args=[enrolment.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"target": foreign.pk, "reason": "x"}).status_code == 200
    answer = client.post(page, {"target": new.pk, "reason": "调班"})
    assert answer.url == reverse("applications:cohort", args=[enrolment.cohort_id])
    assert again(enrolment).cohort == new


def test_the_list_of_transfers_costs_the_same_for_one_and_for_many(
    client, cast, tree, enrolment, new, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.administrator)
    page, counts = reverse("transfers:cohort", args=[new.pk]), []
    for number in range(1, 7):
        row = make_enrolment(make_cohort(tree["district"], enrolment.version), make_user().person)
        make_transfer(row, new)
        if number in (1, 6):
            client.get(page)
            with CaptureQueriesContext(connection) as statements:
                client.get(page)
            counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_officer_reads_how_many_places_this_person_may_take(client, cast, tree, enrolment):
    target = make_cohort(tree["district"], enrolment.version, title="预留班", capacity=5)
    taken = make_cohort(tree["district"], enrolment.version, title="专留班", capacity=2)
    agency = make_user("史可", tree["agency"])
    foreign = make_enrolment(make_cohort(tree["district"], enrolment.version), agency.person)
    for cohort, places in ((target, 3), (taken, 2)):
        set_quota(cohort=cohort, organisation=tree["street"], places=places, actor=None)
    client.force_login(cast.administrator)

    def words(row):
        page = client.get(reverse("transfers:move", args=[row.pk]))
        return dict(page.context["form"].fields["target"].choices)

    assert "空 5 个" in words(enrolment)[target.pk]  # the trainee's station lies below the street
    assert "空 2 个" in words(foreign)[target.pk]
    assert taken.pk not in words(foreign)
