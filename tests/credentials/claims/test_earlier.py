"""What was paid before counts: it is entered for exactly what a later claim is called by."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from core.attachments.actions import keep_file
from core.audit.models import AuditEntry
from core.models import Person
from credentials.claims import actions
from credentials.claims.actions.earlier import earlier_source
from credentials.claims.models import PaymentEntry
from credentials.claims.queries.case import case_of
from credentials.claims.queries.deciding import ask, ask_again
from credentials.claims.queries.facts import facts_of
from credentials.commendations.actions import register_commendation, strike_commendation
from credentials.commendations.models import Commendation
from credentials.policies.policy import assess_benefit
from credentials.policies.queries.words import said
from tests.credentials.claims.test_identity import give_number, number_of, remove_number, set_number
from tests.credentials.claims.test_years import YEARLY
from tests.factories import make_proof
from tests.factories.policies import make_policy_of
from tests.factories.subsidies import ACCOUNT, make_claim, make_subsidies

pytestmark = pytest.mark.django_db


@pytest.fixture
def title(cast):
    return register_commendation(
        person=cast.trainee.person, rank="national", title="最美社工", issuer="示例部", year=2025, actor=cast.administrator
    )  # fmt: skip


def post(client, cast, what, **more):
    client.force_login(cast.administrator)
    said = {"what": what, "amount": "2000", "on": "2026-01-01", "words": "名册", "proof": make_proof()}
    return client.post(reverse("claims:earlier", args=[cast.trainee.person.pk]), said | more)


def paid(person):
    return [(one.key, one.amount, str(one.on)) for one in facts_of(person, timezone.localdate()).paid]


def test_what_was_paid_for_a_title_before_is_not_paid_again(client, cast, version, title):
    key = f"commendation-{title.pk}"
    assert post(client, cast, f"{version.subsidy_id}|commended|{key}").status_code == 302

    person = cast.trainee.person
    claim = actions.start_claim(
        person=person, version=version, benefit="commended", key=key, actor=person.user
    )
    decision = ask(claim, timezone.localdate()).decision

    assert (decision.paid, decision.amount, str(decision.outcome)) == (2000, 0, "refuse")
    page = client.get(reverse("claims:ledger", args=[person.pk])).content.decode()
    assert "最美社工" in page and key not in page


def test_the_page_of_a_claim_names_what_was_paid_before_by_policy_and_benefit(client, cast, version, title):
    assert post(client, cast, f"{version.subsidy_id}|commended|commendation-{title.pk}").status_code == 302
    claim = make_claim(cast.trainee.person, version, state="review")

    client.force_login(cast.city_administrator)
    page = client.get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    policy = version.policy()
    name, benefit = said(policy.name), said(policy.benefit("commended").words)
    address = reverse("policies:version", args=[version.subsidy_id, version.number])
    assert f'<a href="{address}">{name}</a> · {benefit} · 最美社工' in page
    assert f"{policy.code} ·" not in page and "commended ·" not in page
    client.force_login(cast.finance)  # who reads no policies
    page = client.get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    assert f"<p>{name} · {benefit}" in page and address not in page


def test_a_title_is_chosen_from_what_is_on_record_and_not_typed(client, cast, version, title):
    for key in ("", "最美社工", "commendation-0"):
        assert post(client, cast, f"{version.subsidy_id}|commended|{key}", key="最美社工").status_code == 200
    assert not PaymentEntry.objects.exists()


@pytest.mark.parametrize("year", ["", "去年", "25", "20255"])
def test_what_is_paid_by_years_needs_one(client, cast, version, year):
    yearly = make_policy_of(version.subsidy.organisation, cast.city_administrator, YEARLY)

    assert post(client, cast, f"{yearly.pk}|allowance|year", year=year).status_code == 200
    assert not PaymentEntry.objects.exists()


def test_a_year_is_entered_as_claims_call_it(client, cast, version):
    yearly = make_policy_of(version.subsidy.organisation, cast.city_administrator, YEARLY)
    assert post(client, cast, f"{yearly.pk}|allowance|year", year="2025").status_code == 302
    assert PaymentEntry.objects.get().key == "2025"


def test_where_one_amount_stands_for_all_levels_the_level_that_was_paid_is_named(client, cast, version):
    text = version.text.replace(
        "amounts: {assistant: 500, social_worker: 1000, senior: 3000}", "amounts: {any: 500}"
    )
    text = text.replace("top_up: difference", "top_up: full").replace(version.subsidy.code, "one-amount")
    subsidy = make_policy_of(version.subsidy.organisation, cast.city_administrator, text)
    assert post(client, cast, f"{subsidy.pk}|certificate|any").status_code == 200
    assert post(client, cast, f"{subsidy.pk}|certificate|assistant").status_code == 302


def test_what_was_entered_without_an_id_number_follows_its_person_once_that_is_known(client, cast, version):
    mine, other = cast.trainee.person, cast.other_trainee.person
    for level in ("assistant", "social_worker"):
        assert (
            post(client, cast, f"{version.subsidy_id}|certificate|{level}", amount="300").status_code == 302
        )
    assert set(PaymentEntry.objects.values_list("id_hash", flat=True)) == {""}

    set_number(mine, number_of())

    number, lines = Person.objects.get(pk=mine.pk).id_hash, PaymentEntry.objects.standing()
    assert [(one.id_hash, one.amount, one.entered_by) for one in lines] == [
        (number, 300, cast.administrator)
    ] * 2
    assert PaymentEntry.objects.corrected().count() == 2
    before = sorted(paid(mine))
    assert [key for key, _amount, _on in before] == ["assistant", "social_worker"]
    told = AuditEntry.objects.filter(action="credentials.correct_earlier_payment").first()
    assert (told.user_id, told.data["reason"]) == (None, "已知晓该人员的证件号码，其他内容不变。")
    remove_number(mine)
    set_number(other, number_of())
    assert sorted(paid(other)) == before  # whatever account has the number by now
    set_number(mine, number_of("42100219900307002"))
    assert PaymentEntry.objects.count() == 4  # whose it was stays


def test_what_was_entered_so_before_the_update_follows_as_well_and_once(client, cast, version):
    mine, migration = cast.trainee.person, "0036_earlier_payments_of_known_numbers"
    hold = import_module(f"credentials.migrations.{migration}").hold_to_numbers
    for level in ("assistant", "social_worker"):
        post(client, cast, f"{version.subsidy_id}|certificate|{level}", amount="300")
    hold(apps, None)
    assert PaymentEntry.objects.count() == 2  # nobody's number is known
    give_number(mine, number_of())  # as it was before numbers were followed
    number = Person.objects.get(pk=mine.pk).id_hash

    for _again in range(2):
        hold(apps, None)

    assert [one.id_hash for one in PaymentEntry.objects.standing()] == [number] * 2
    assert sorted(paid(mine)) == [("assistant", 300, "2026-01-01"), ("social_worker", 300, "2026-01-01")]
    assert PaymentEntry.objects.count() == 4


# --- Typed before titles had to be on record -------------------------------------------------------------------------

POINT = "earlier_payments"


def typed(person, version, cast, words="最美社工", amount=2000, benefit="commended"):
    """A line as it was entered before: for a title that somebody typed."""
    on = timezone.localdate()
    return PaymentEntry.objects.create(
        person=person, id_hash=person.id_hash or "", holder=person.user, authority=version.subsidy.organisation, kind="earlier",
        policy=version.subsidy.code, benefit=benefit, key=words, amount=amount, on=on, entered_by=cast.administrator,
        source=earlier_source(person, version.subsidy.code, benefit, words, on),
        proof=keep_file(upload=make_proof(), actor=cast.administrator),
    )  # fmt: skip


@pytest.fixture
def at_city(tree, cast):
    return make_subsidies(tree["city"], cast.city_administrator, code="example-2021", notice=0, stages="city")


def claim_title(version, title):
    """A claim for this title, handed in."""
    person = title.person
    if not person.id_hash:
        person.set_id_number("resident_id", f"1201991990{person.pk % 10**7:07}X")
        person.save()
    said = {"version": version, "benefit": "commended", "key": f"commendation-{title.pk}"}
    claim = actions.start_claim(person=person, **said, actor=person.user)
    actions.save_draft(
        claim=claim, declared={}, bank="示例银行", account=ACCOUNT, agrees=True, consent_version="1", actor=person.user
    )  # fmt: skip
    proof = keep_file(upload=make_proof(), actor=person.user)
    actions.add_paper(claim=claim, slot="title", file=proof, actor=person.user)
    return actions.hand_in(claim=claim, actor=person.user)


def decide(claim, officer, verdict="pass", **more):
    claim.refresh_from_db()
    actions.review_claim(claim=claim, stage=claim.stage, verdict=verdict, actor=officer, **more)
    claim.refresh_from_db()


def found(passes, words):
    return {POINT: {"passes": passes, "words": words}}


def test_what_was_typed_before_keeps_a_claim_from_approval_until_a_reviewer_says_in_words_that_it_was_for_another(
    client, cast, at_city, title
):
    typed(cast.trainee.person, at_city, cast)
    claim = claim_title(at_city, title)

    with pytest.raises(
        actions.ClaimRefused, match=r"1笔付款没有对应的在册记录，合计2,000\.00元（最美社工 2,000"
    ):
        decide(claim, cast.city_administrator)
    client.force_login(cast.city_administrator)
    page = client.get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    assert f"judge-{POINT}" in page and "合计2,000.00元" in page
    decide(claim, cast.city_administrator, judged=found(True, "那是2019年的同名荣誉，有文件"))

    assert (claim.state, claim.amount) == ("approved", 2000)
    assert claim.settled[POINT]["words"] == "那是2019年的同名荣誉，有文件"
    assert ask_again(claim).decision.outcome == "grant"  # what is frozen gives the same for ever
    assert actions.lock_for_payment(claim=claim, actor=cast.city_administrator)


def test_where_it_was_for_the_same_the_claim_is_refused_and_never_granted(cast, at_city, title):
    typed(cast.trainee.person, at_city, cast)
    claim = claim_title(at_city, title)

    with pytest.raises(actions.ClaimRefused):
        decide(claim, cast.city_administrator, judged=found(True, " "))  # without words
    with pytest.raises(actions.ClaimRefused, match="名册上就是这一项"):
        decide(claim, cast.city_administrator, judged=found(False, "名册上就是这一项"))
    decide(claim, cast.city_administrator, "refuse", reason="已发", judged=found(False, "名册上就是这一项"))
    assert (claim.state, claim.decision["amount"]) == ("refused", "0.00")


def test_what_is_entered_after_a_reviewer_has_judged_is_judged_anew(cast, at_city, title):
    typed(cast.trainee.person, at_city, cast)
    claim = claim_title(at_city, title)
    decide(claim, cast.city_administrator, judged=found(True, "另一项"))
    typed(cast.trainee.person, at_city, cast, words="优秀社工", amount=500)

    assert not actions.lock_for_payment(claim=claim, actor=cast.city_administrator)  # back to review
    claim.refresh_from_db()
    case = case_of(claim)
    assert (claim.state, str(case.asked.decision.outcome)) == ("review", "unknown")
    assert case.found == {}


def test_what_was_paid_to_another_account_with_the_same_number_counts_too(cast, at_city, title):
    other, mine = cast.other_trainee.person, cast.trainee.person
    mine.set_id_number("resident_id", "42100219900307001X")
    mine.save()
    other.id_hash = mine.id_hash  # as it was kept then; the account has no number any more
    typed(other, at_city, cast)
    typed(other, at_city, cast, words="assistant", benefit="certificate", amount=500)

    claim = claim_title(at_city, title)
    assert str(ask(claim, timezone.localdate()).decision.outcome) == "unknown"
    level = make_claim(mine, at_city, level="social_worker")
    assert ask(level, timezone.localdate()).decision.amount == 500  # the difference


@pytest.mark.parametrize(("benefit", "key"), [("certificate", "assistant"), ("certificate", "初级")])
def test_levels_and_years_are_called_the_same_whoever_typed_them(cast, version, benefit, key):
    """What counts as one sum is subtracted whatever it was called: there is nothing to judge."""
    typed(cast.trainee.person, version, cast, words=key, benefit=benefit, amount=500)
    claim = make_claim(cast.trainee.person, version, level="social_worker", state="review")
    decision = ask(claim, timezone.localdate()).decision
    assert (decision.amount, [one.name for one in decision.findings if one.name == POINT]) == (500, [])


# --- Titles and years -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anew", "issuer"),
    [
        ("最美 社工", "示例部"),
        ("“最美社工”", "示例部"),
        ("最美\u200b社工", "示例部"),
        ("最美社工", "示例　部"),
    ],
)
def test_a_title_struck_off_and_registered_anew_however_it_is_written_is_paid_once(
    client, cast, at_city, title, anew, issuer
):
    post(client, cast, f"{at_city.subsidy_id}|commended|commendation-{title.pk}")
    strike_commendation(commendation=title, reason="文号有误", actor=cast.administrator)
    Commendation.objects.create(
        person=title.person, holder=title.holder, rank="national", title=anew, issuer=issuer, year=2025,
        registered_by=cast.administrator,
    )  # fmt: skip
    facts = facts_of(cast.trainee.person, timezone.localdate())
    assert [one["key"] for one in facts.titles] == [f"commendation-{title.pk}"]
    assert [(one.key, one.is_loose) for one in facts.paid] == [(f"commendation-{title.pk}", False)]
    policy = at_city.policy()
    [decision] = assess_benefit(policy, policy.benefit("commended"), facts, timezone.localdate())
    assert (str(decision.outcome), decision.amount, decision.paid) == ("refuse", 0, 2000)


def test_two_ways_of_writing_one_title_are_one_title_also_while_both_are_registered(cast, title):
    Commendation.objects.create(
        person=title.person, holder=title.holder, rank="national", title="最美　社工", issuer="示例部", year=2025,
        registered_by=cast.administrator,
    )  # fmt: skip
    assert len(facts_of(cast.trainee.person, timezone.localdate()).titles) == 1


def test_what_was_paid_for_a_title_that_is_registered_no_more_is_judged_before_another_is_paid(
    client, cast, at_city, title
):
    """Registered anew by another year or issuer it may be the same: somebody says so in words."""
    post(client, cast, f"{at_city.subsidy_id}|commended|commendation-{title.pk}")
    strike_commendation(commendation=title, reason="年份有误", actor=cast.administrator)
    other = register_commendation(
        person=cast.trainee.person, rank="national", title="最美社工", issuer="示例部", year=2024, actor=cast.administrator
    )  # fmt: skip
    claim = claim_title(at_city, other)
    decision = ask(claim, timezone.localdate()).decision
    [finding] = [one for one in decision.findings if one.name == POINT]
    assert str(decision.outcome) == "unknown" and finding.values["lines"] == ("最美社工 2,000.00 2026-01-01",)


def test_each_year_has_the_money_of_that_year(client, cast, version):
    what = f"{version.subsidy_id}|certificate|assistant"
    for on, amount in (
        ("2024-12-31", "100"),
        ("2025-01-01", "200"),
        ("2025-12-31", "30"),
        ("2026-01-02", "4"),
    ):
        assert post(client, cast, what, on=on, amount=amount).status_code == 302
    assert paid(cast.trainee.person) == [
        ("assistant", 100, "2024-12-31"),
        ("assistant", 230, "2025-12-31"),
        ("assistant", 4, "2026-01-02"),
    ]
