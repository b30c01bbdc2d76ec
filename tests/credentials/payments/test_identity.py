"""Money goes to whom the claim was approved for, once, past nobody who has entered it; and who shares an account is seen."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.attachments.actions import keep_file
from core.models import AuditEntry, Person, User
from core.people.actions import remove_id_number
from core.states import move
from credentials.claims.actions import Earlier, enter_earlier_payment
from credentials.claims.models import Claim
from credentials.claims.queries.identity import identity_of
from credentials.claims.states import MOVES
from credentials.payments import actions
from credentials.payments.actions import PaymentRefused
from credentials.payments.models import PaymentLine
from credentials.payments.queries.apart import why_not_release
from tests.factories import give_role, make_proof, make_user
from tests.factories.subsidies import make_approved, make_batch, make_claim, make_paid, make_payer

pytestmark = pytest.mark.django_db
NUMBER = "421002199003070012"


def give_number(person, number):
    person.refresh_from_db()
    person.set_id_number("resident_id", number)
    person.save()


def free_number(person):
    """Forgotten by its bearer, so that another account may keep it; what it was."""
    person.refresh_from_db()
    number = person.id_number
    remove_id_number(person=person, actor=person.user)
    return number


def build(desk, *claims, actor=None):
    return actions.build_batch(policy=desk.policy, claims=claims, actor=actor or desk.builder)


@pytest.mark.parametrize("change", ["name", "number"])
def test_a_claim_of_another_name_or_number_goes_back_to_review_instead_of_being_paid(desk, cast, change):
    person = Person.objects.get(pk=cast.trainee.person.pk)
    if change == "name":
        Person.objects.filter(pk=person.pk).update(name="赵冒名")
    else:
        give_number(person, NUMBER)

    built = build(desk, *desk.claims)

    (claim, why), = built.left  # fmt: skip
    row = Claim.objects.get(pk=desk.claims[0].pk)
    assert (claim, built.taken, row.state, row.round) == (row, 2, "review", 2)
    assert "变更" in why and "不一致" in row.reason
    assert AuditEntry.objects.filter(action="credentials.lose_ground").count() == 1


def test_a_line_prints_who_was_approved(desk, cast):
    line = make_batch(desk.claims[0], built_by=desk.builder).lines.get()
    person = Person.objects.get(pk=cast.trainee.person.pk)
    assert {"name": line.name, "id_hash": line.id_hash} == identity_of(person)
    assert line.id_sealed == person.id_number


def approve_past_the_verbs(person, desk, level="assistant"):
    """As where two accounts of one person came in at one moment: nobody has asked what was paid before."""
    claim = make_claim(person, desk.version, level=level)
    today = timezone.localdate()
    move(claim, "review", MOVES, claimed_on=today, amount=500, stage="city", **identity_of(person))
    move(claim, "approved", MOVES, approved_by=desk.approver)
    return Claim.objects.select_related("version__subsidy").get(pk=claim.pk)


def test_one_person_is_not_paid_again_in_another_account(desk, cast, tree):
    paid = make_paid(desk.claims[0], built_by=desk.builder, released_by=desk.releaser)
    second = make_user("林小荷", tree["station"]).person
    give_number(second, free_number(cast.trainee.person))
    Claim.objects.filter(pk=paid.claim_id).update(state="withdrawn")  # past all verbs: it stands no more
    claim = approve_past_the_verbs(second, desk)

    built = build(desk, claim)

    assert built.batch is None and "已退回审核" in built.left[0][1]
    assert Claim.objects.get(pk=claim.pk).state == "review"


def second_account_of_whom_was_paid(desk, cast, tree):
    """An earlier payment of the lowest level stands in the ledger for another account, whose number this one has now."""
    first, proof = cast.instructor.person, keep_file(upload=make_proof(), actor=desk.approver)
    give_number(first, NUMBER)
    enter_earlier_payment(
        person=first, actor=desk.approver,
        earlier=Earlier(
            authority=tree["city"], policy=desk.policy.code, benefit="certificate", key="assistant", amount=500,
            on=timezone.localdate(), words="名册", proof=proof,
        ),
    )  # fmt: skip
    second = make_user("林小荷", tree["station"]).person
    give_number(second, free_number(first))
    return second


def test_what_the_ledger_says_of_another_account_counts(desk, cast, tree):
    second = second_account_of_whom_was_paid(desk, cast, tree)

    built = build(desk, approve_past_the_verbs(second, desk))

    assert built.batch is None and "已退回审核" in built.left[0][1]


def test_the_difference_to_what_another_account_was_paid_earlier_is_paid(desk, cast, tree):
    second = second_account_of_whom_was_paid(desk, cast, tree)
    claim = make_approved(second, desk.version, desk.approver, level="social_worker")
    assert claim.amount == 500

    built = build(desk, claim)

    assert (built.taken, built.left) == (1, [])


def test_the_database_takes_no_line_for_another_or_a_second_time(desk, cast, tree):
    line = make_paid(desk.claims[0], built_by=desk.builder, released_by=desk.releaser)
    Claim.objects.filter(pk=line.claim_id).update(state="withdrawn")  # past all verbs: it stands no more
    second = make_user("林小荷", tree["station"]).person
    give_number(second, free_number(cast.trainee.person))
    claim = approve_past_the_verbs(second, desk)
    draft = make_batch(desk.claims[1], built_by=desk.builder)
    left_out = ("id", "state", "reason", "paid_on", "settled_by", "settled_at", "released_by")
    facts = {one.name: getattr(line, one.name) for one in line._meta.fields if one.name not in left_out}
    facts |= {"batch": draft, "claim": claim, "holder": second.user, "position": 2, "name": claim.name}
    third = desk.claims[2]
    free = facts | {"claim": third, "holder": third.holder} | identity_of(third.person)
    for wrong in (
        facts,
        free | {"name": "赵冒名"},
        free | {"id_hash": claim.id_hash},
        free | {"enterer": desk.approver},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.create(**wrong)
    made = PaymentLine.objects.create(**free)
    for change in ({"id_hash": ""}, {"account_hash": ""}, {"enterer": desk.approver}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.filter(pk=made.pk).update(**change)


def test_who_has_entered_a_claim_neither_builds_nor_releases_its_payment(desk, cast, tree):
    enterer = make_payer(tree["city"], "录入人")
    give_role(enterer, "administrator", tree["city"])
    enterer = User.objects.get(pk=enterer.pk)
    person = cast.instructor.person
    proof = keep_file(upload=make_proof(), actor=enterer)
    claim = make_claim(person, desk.version, entered_by=enterer, proof=proof, state="review")
    move(claim, "approved", MOVES, stage_due_on=None, approved_by=desk.approver)
    claim = Claim.objects.select_related("version__subsidy").get(pk=claim.pk)

    built = build(desk, claim, actor=enterer)
    assert built.batch is None and "代为录入" in built.left[0][1]

    batch = make_batch(claim, built_by=desk.builder, state="locked")
    assert why_not_release(batch, enterer) == "entered"
    with pytest.raises(PaymentRefused, match="代为录入"):
        actions.release_batch(batch=batch, total=batch.total, actor=enterer)
    for change in ({"released_by": enterer}, {"built_by": enterer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.filter(batch=batch).update(**change)
    assert batch.lines.get().enterer == enterer
    assert why_not_release(batch, desk.releaser) == ""


def test_the_page_of_a_batch_warns_of_people_who_share_an_account(client, desk):
    client.force_login(desk.builder)
    alone = make_batch(desk.claims[0], built_by=desk.builder)
    page = client.get(reverse("payments:batch", args=[alone.pk]))
    assert page.context["shared"] == [] and "同一账户" not in page.content.decode()
    Claim.objects.filter(pk=desk.claims[2].pk).update(account_sealed="6222020200112230154")
    two, three = (
        make_approved(make_user("庚", desk.approver.person.employer).person, desk.version, desk.approver),
        desk.claims[2],
    )

    batch = make_batch(desk.claims[1], two, three, built_by=desk.builder)

    page = client.get(reverse("payments:batch", args=[batch.pk]))
    (shared,) = page.context["shared"]
    assert [words.split()[1] for words in shared.lines] == [desk.claims[1].name, two.name]
    assert "同一账户" in page.content.decode() and batch.count == 3
    actions.drop_line(line=batch.lines.get(claim=two), actor=desk.builder)
    assert client.get(reverse("payments:batch", args=[batch.pk])).context["shared"] == []
