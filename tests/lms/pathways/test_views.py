from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from lms.models import Pathway, PathwayEnrolment
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_on_pathway,
)


def page(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_reads_what_a_pathway_asks_for(client, pathway):
    assert reverse("lms:pathway-detail", args=[pathway.pk]) in page(client, "lms:pathway-list")
    shown = page(client, "lms:pathway-detail", pathway.pk)
    for words in (
        "Required",
        "At least 1 of these",
        "Within 60 days",
        "valid for 12 months",
        "Sign in to join",
    ):
        assert words in shown


def test_what_is_not_public_or_closed_is_not_there(client, pathway):
    for change in ({"is_public": False}, {"is_public": True, "closed_at": timezone.now()}):
        Pathway.objects.update(**change)
        assert client.get(reverse("lms:pathway-detail", args=[pathway.pk])).status_code == 404
        assert reverse("lms:pathway-detail", args=[pathway.pk]) not in page(client, "lms:pathway-list")


def test_a_trainee_joins_with_one_click_and_with_two(client, pathway, cast):
    client.force_login(cast.trainee)
    address = reverse("lms:pathway-join", args=[pathway.pk])
    for _ in range(2):
        own = PathwayEnrolment.objects.filter(person=cast.trainee.person)
        response = client.post(address)
        assert response.url == reverse("lms:pathway-mine", args=[own.get().pk])


def test_a_private_pathway_is_joined_only_by_those_who_were_on_it(client, pathway, cast):
    Pathway.objects.update(is_public=False)
    client.force_login(cast.trainee)
    address = reverse("lms:pathway-join", args=[pathway.pk])
    assert client.post(address).status_code == 404
    make_on_pathway(pathway, cast.trainee.person, state="left")
    assert client.post(address).status_code == 302


def test_the_checklist_says_what_each_course_waits_for(client, pathway, tree, cast, versions):
    make_enrolment(make_cohort(tree["district"], versions[1]), cast.trainee.person, "completed")
    open_cohort = make_cohort(tree["district"], versions[0], title="秋季班")
    own = make_on_pathway(pathway, cast.trainee.person)
    client.force_login(cast.trainee)
    shown = page(client, "lms:pathway-mine", own.pk)
    assert reverse("lms:enrolment-apply", args=[open_cohort.pk]) in shown
    assert "Completed on" in shown
    assert "Not needed any more" in shown
    assert "60 days left" in shown


def test_a_course_that_is_being_learned_says_so_and_offers_no_second_place(
    client, pathway, tree, cast, versions
):
    make_enrolment(make_cohort(tree["district"], versions[1], title="春季班"), cast.trainee.person)
    other = make_cohort(tree["district"], versions[1], title="秋季班")
    own = make_on_pathway(pathway, cast.trainee.person)
    client.force_login(cast.trainee)
    shown = page(client, "lms:pathway-mine", own.pk)
    assert "Under way" in shown
    assert reverse("lms:enrolment-apply", args=[other.pk]) not in shown


def test_a_pathway_that_one_is_on_is_not_offered_again(client, pathway, cast):
    own = make_on_pathway(pathway, cast.trainee.person)
    client.force_login(cast.trainee)
    shown = page(client, "lms:pathway-list")
    assert reverse("lms:pathway-mine", args=[own.pk]) in shown
    assert reverse("lms:pathway-detail", args=[pathway.pk]) not in shown


def test_a_course_without_a_cohort_says_so(client, pathway, cast):
    own = make_on_pathway(pathway, cast.trainee.person)
    client.force_login(cast.trainee)
    assert "No cohort takes applications now" in page(client, "lms:pathway-mine", own.pk)


def test_an_overdue_course_is_said_without_blame(client, pathway, cast):
    own = make_on_pathway(pathway, cast.trainee.person, joined_on=timezone.localdate() - timedelta(days=90))
    client.force_login(cast.trainee)
    shown = page(client, "lms:pathway-mine", own.pk)
    assert "1 course is overdue" in shown
    assert "30 days ago" in shown


def test_a_second_round_keeps_the_first(client, pathway, cast):
    today = timezone.localdate()
    first = make_on_pathway(
        pathway,
        cast.trainee.person,
        state="expired",
        completed_on=today - timedelta(days=400),
        expires_on=today - timedelta(days=35),
    )
    client.force_login(cast.trainee)
    assert "Begin the next round" in page(client, "lms:pathway-mine", first.pk)
    client.post(reverse("lms:pathway-join", args=[pathway.pk]))
    second = PathwayEnrolment.objects.get(round=2)
    assert reverse("lms:pathway-mine", args=[first.pk]) in page(client, "lms:pathway-mine", second.pk)


def test_ones_checklist_is_for_oneself_and_the_desk(client, pathway, cast):
    own = make_on_pathway(pathway, cast.trainee.person)
    for part, code in (("other_trainee", 404), ("outsider", 404), ("auditor", 200), ("administrator", 200)):
        client.force_login(getattr(cast, part))
        assert client.get(reverse("lms:pathway-mine", args=[own.pk])).status_code == code
        assert client.post(reverse("lms:pathway-leave", args=[own.pk])).status_code == 404


def test_a_trainee_leaves_and_the_second_click_is_told(client, pathway, cast):
    own = make_on_pathway(pathway, cast.trainee.person)
    client.force_login(cast.trainee)
    for _ in range(2):
        assert client.post(reverse("lms:pathway-leave", args=[own.pk])).status_code == 302
    own.refresh_from_db()
    assert own.state == "left"
