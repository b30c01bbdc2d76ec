from django.urls import reverse

from lms.admissions.actions import set_quota
from lms.cohorts.actions import cancel_cohort
from lms.models import Transfer
from lms.transfers.queries import places_elsewhere
from tests.factories import make_cohort, make_enrolment, make_plan
from tests.lms.transfers.steps import again


def test_a_trainee_asks_and_takes_back_on_the_page(client, cast, enrolment, new):
    client.force_login(cast.trainee)
    mine = reverse("lms:enrolment-detail", args=[enrolment.pk])
    page = reverse("lms:transfer-ask", args=[enrolment.pk])
    assert page in client.get(mine).content.decode()
    assert client.get(page).status_code == 200
    for wrong in ({"target": "x", "reason": "x"}, {"target": new.pk}, {"target": 9**30, "reason": "\0"}):
        assert client.post(page, wrong).status_code == 200
    assert client.post(page, {"target": new.pk, "reason": "夜班"}).url == mine
    wish = Transfer.objects.get()
    take_back = reverse("lms:transfer-take-back", args=[wish.pk])
    assert take_back in client.get(mine).content.decode()
    for _ in range(2):
        assert client.post(take_back).url == mine
    assert again(wish).state == "taken_back"


def test_the_page_of_asking_shows_what_each_cohort_asks_for_and_for_whom_places_are_kept(client, cast, tree):
    enrolment = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person)
    plans = {
        "分级班": make_plan(tree["city"], stages=("county",)),
        "机构班": make_plan(tree["city"], conditions=(("employer_kind", ["agency"]),)),
    }
    for title, plan in plans.items():
        make_cohort(tree["city"], enrolment.version, title=title, plan=plan)
    kept = make_cohort(tree["city"], enrolment.version, title="留位班", capacity=3)
    set_quota(cohort=kept, organisation=tree["other_district"], places=1, actor=cast.city_administrator)
    full = make_cohort(tree["city"], enrolment.version, title="专位班", capacity=1)
    set_quota(cohort=full, organisation=tree["other_district"], places=1, actor=cast.city_administrator)
    places = {place.title: place for place in places_elsewhere(again(enrolment))}
    assert "区" in places["分级班"].stages and not places["分级班"].obstacle
    assert places["机构班"].findings[0]["verdict"] == "fail"
    assert places["机构班"].obstacle == places["机构班"].findings[0]["text"]
    assert (places["留位班"].seats_free, "河东区" in places["留位班"].kept) == (2, True)
    assert places["专位班"].obstacle
    client.force_login(cast.trainee)
    page = reverse("lms:transfer-ask", args=[enrolment.pk])
    text = client.get(page).content.decode()
    for place in places.values():
        for words in (place.stages, place.kept, place.obstacle):
            assert words in text
    assert client.post(page, {"target": full.pk, "reason": "夜班"}).status_code == 200
    assert not Transfer.objects.exists()


def test_the_page_of_a_cancelled_cohort_offers_the_places_elsewhere(client, cast, new, cancelled):
    client.force_login(cast.trainee)
    mine = reverse("lms:enrolment-detail", args=[cancelled.pk])
    there = reverse("lms:transfer-move", args=[cancelled.pk, new.pk])
    assert there in client.get(mine).content.decode()
    for _ in range(2):
        assert client.post(there).url == mine
    assert again(cancelled).cohort == new


def test_the_page_of_asking_says_from_when_one_cannot_learn(client, cast, tree):
    enrolment = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person)
    plan = make_plan(tree["city"], stages=("county",))
    make_cohort(tree["city"], enrolment.version, title="分级班", plan=plan)
    client.force_login(cast.trainee)
    page = client.get(reverse("lms:transfer-ask", args=[enrolment.pk])).content.decode()
    assert "同意之前你在本班照常学习" in page and "同意转班后" in page


def test_where_a_new_application_is_wanted_only_the_reason_stands_with_the_way_to_it(client, cast, tree):
    applied = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person, "applied")
    plan = make_plan(
        tree["city"],
        stages=("county", "organiser"),
        conditions=(("employer_kind", ["station"]),),
        questions=({"kind": "short", "label": "现任岗位"},),
    )
    target = make_cohort(tree["city"], applied.version, title="夜间班", plan=plan)
    set_quota(cohort=target, organisation=tree["district"], places=3, actor=cast.city_administrator)
    cancel_cohort(cohort=applied.cohort, actor=cast.city_administrator, reason="场地维修")
    [place] = places_elsewhere(again(applied))
    assert place.obstacle and place.stages and place.kept and place.findings
    client.force_login(cast.trainee)
    text = client.get(reverse("lms:enrolment-detail", args=[applied.pk])).content.decode()
    there = reverse("lms:enrolment-apply", args=[target.pk])
    assert place.obstacle in text and f'href="{there}"' in text and "去报名" in text
    for words in (
        place.stages,
        place.kept,
        place.findings[0]["text"],
        reverse("lms:transfer-move", args=[1, 2]),
    ):
        assert words not in text
    assert client.get(there).status_code == 200


def test_where_a_condition_is_not_met_nobody_is_sent_to_apply(client, cast, tree):
    applied = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person, "applied")
    plan = make_plan(tree["city"], conditions=(("employer_kind", ["agency"]),))
    target = make_cohort(tree["city"], applied.version, title="机构班", plan=plan)
    cancel_cohort(cohort=applied.cohort, actor=cast.city_administrator, reason="场地维修")
    client.force_login(cast.trainee)
    text = client.get(reverse("lms:enrolment-detail", args=[applied.pk])).content.decode()
    assert text.count("社工机构") == 1
    assert reverse("lms:enrolment-apply", args=[target.pk]) not in text


def test_cohorts_that_ask_for_nothing_stand_among_the_choices_only(client, cast, tree):
    enrolment = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person)
    make_cohort(tree["city"], enrolment.version, title="夜间班")
    client.force_login(cast.trainee)
    page = reverse("lms:transfer-ask", args=[enrolment.pk])
    text = client.get(page).content.decode()
    assert 'id="asked"' not in text
    assert text.count("夜间班") == 1 and tree["city"].name in text
    plan = make_plan(tree["city"], stages=("county",))
    make_cohort(tree["city"], enrolment.version, title="分级班", plan=plan)
    text = client.get(page).content.decode()
    section = text.partition('id="asked"')[2].partition("</section>")[0]
    assert "分级班" in section and "夜间班" not in section
