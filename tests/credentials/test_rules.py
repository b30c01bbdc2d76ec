"""The permission table agrees with what each role's queries find."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from core.models import Person, User
from credentials.badges.actions import badge_for
from credentials.certificates.actions import issue
from credentials.claims.queries.hearing import why_not_hear
from credentials.claims.queries.waiting import appeals_for
from credentials.hours.actions import add_hours_rule, credit_course
from credentials.hours.queries import holders_for, holdings_in
from credentials.models import (
    AwardRound,
    Badge,
    Certificate,
    CertificateEdition,
    Claim,
    ClaimAppeal,
    ClaimConflict,
    ClaimPaper,
    ClaimReview,
    Commendation,
    ConductRecord,
    Design,
    EmploymentProof,
    ExamPass,
    Forecast,
    HoursEntry,
    HoursRule,
    HoursStatement,
    Internship,
    LevelTerms,
    ManualEntry,
    Nomination,
    Objection,
    PaymentBatch,
    PaymentBudget,
    PaymentEntry,
    PaymentLine,
    PaymentReversal,
    PendingIssue,
    Post,
    PostHolding,
    PublicNotice,
    QualificationRecord,
    RegistrationPeriod,
    RenewalPack,
    SavedSearch,
    SigningKey,
    SubsidyPolicy,
    TalentPlan,
    TalentProfile,
    TalentRoute,
)
from credentials.payments.queries.apart import why_not_confirm, why_not_release
from credentials.payments.queries.desk import payable_policies
from credentials.posts.actions import give_post, record_route
from credentials.renewals.actions import make_pack
from credentials.statements.actions import issue_statement
from credentials.talent import actions as talent
from lms.public import completion_told
from tests.cast import CAST
from tests.factories import (
    make_award_round,
    make_certificate,
    make_cohort,
    make_commendation,
    make_conduct,
    make_employment,
    make_enrolment,
    make_listed,
    make_manual,
    make_nomination,
    make_notice,
    make_objection,
    make_period,
    make_plan_of,
    make_policy,
    make_qualification,
    make_staff_post,
    make_user,
    put_internship,
)
from tests.factories.policies import make_forecast
from tests.factories.subsidies import (
    make_claim,
    make_claim_with_all,
    make_payment_rows,
    make_reversal_rows,
    make_subsidies,
)

ABOVE = {"administrator", "city_administrator"}
MODELS = [Certificate, HoursEntry, HoursRule, PendingIssue, RegistrationPeriod, ManualEntry, HoursStatement]
MODELS += [QualificationRecord, ExamPass, LevelTerms, ConductRecord, Commendation, RenewalPack]
MODELS += [Post, PostHolding, SavedSearch, TalentPlan, TalentProfile, TalentRoute]
MODELS += [Badge, CertificateEdition, Design, SigningKey, SubsidyPolicy, PublicNotice, Objection]
MODELS += [Claim, ClaimPaper, ClaimReview, ClaimConflict, ClaimAppeal, PaymentEntry, Forecast]
MODELS += [Internship, EmploymentProof]
MODELS += [AwardRound, Nomination]
MODELS += [PaymentBatch, PaymentLine, PaymentBudget, PaymentReversal]
OWN = [ExamPass, SavedSearch]
PLANNED = [Post, TalentPlan]  # what is wanted changes with the times; what was is in the audit
DRAFTS = [Design, SubsidyPolicy, AwardRound]  # what is drawn or decided by is a published version of it


def put_subsidies(tree, cast):
    """Two claims with all that hangs on them, a draft, and a forecast in each district."""
    version = make_subsidies(tree["city"], cast.auditor)
    for user in (cast.trainee, cast.outside_trainee):
        claim = make_claim_with_all(user.person, version, make_user("前审核员", tree["city"]))
        make_payment_rows(claim, cast.city_administrator)
        make_reversal_rows(claim, cast.city_administrator, make_user("复核出纳", tree["city"]))
    of_district = make_claim_with_all(
        cast.other_trainee.person,
        make_subsidies(tree["district"], cast.auditor, code="example-district"),
        make_user("前审核员", tree["city"]),
    )
    make_payment_rows(of_district, cast.administrator)
    make_claim(cast.administrator.person, version, level="social_worker")
    for place in ("district", "other_district"):
        make_forecast(tree[place], cast.auditor)


@pytest.fixture
def world(tree, cast):
    """Of everything one in our district, one in the other, and one that is the administrator's own."""
    holders = [
        (cast.trainee, "district"),
        (cast.trainee, "other_district"),
        (cast.outside_trainee, "other_street"),
        (cast.administrator, "station"),
    ]
    for user, place in holders:
        cohort = make_cohort(tree[place])
        held = make_certificate(user.person, tree[place], cohort)
        credit_course(event=completion_told(held.enrolment_id))
    put_subsidies(tree, cast)
    for user in (cast.trainee, cast.outside_trainee, cast.administrator):
        period = make_period(user.person, state="declared")
        held = make_qualification(user.person, state="declared")
        ExamPass.objects.create(person=user.person, level=held.level, subject=1, year=2024)
        make_conduct(user.person, cast.city_administrator)
        make_commendation(user.person, cast.city_administrator)
        make_pack(period=period, actor=user)
        make_manual(user.person)
        today = timezone.localdate()
        issue_statement(person=user.person, first_on=today, last_on=today, actor=user)
    Person.objects.filter(user__in=[cast.trainee, cast.administrator, cast.outside_trainee]).update(
        name="王ཀ"
    )
    for user, place in holders:
        pending = make_enrolment(make_cohort(tree[place]), user.person, "completed")
        assert issue(event=completion_told(pending.pk)) is None
    for place in ("province", "city"):
        day = cast.trainee.roles.get().starts_on
        add_hours_rule(
            organisation=tree[place], starts_on=day, minutes_per_hour=40, source="文件", actor=cast.auditor
        )
    LevelTerms.objects.create(level=held.level, starts_on=timezone.localdate(), name="助理", source="文件")
    for user in (cast.trainee, cast.outside_trainee, cast.administrator):
        give_post(
            post=make_staff_post(user.person.employer),
            person=user.person,
            starts_on=today,
            actor=cast.auditor,
        )
        record_route(person=user.person, route="trained", since=today, actor=cast.auditor)
        make_plan_of(user.person.employer, cast.auditor, trained=3)
        SavedSearch.objects.create(owner=user, name="查询", query="q=x")
    for number, held in enumerate(Certificate.objects.order_by("pk"), start=1):
        badge = badge_for(certificate=held)
        held.editions.create(
            number=2,
            sha256=f"{number:064x}",
            file=f"{number}.pdf",
            signed_with=badge.token_key,
            signed_at=timezone.now(),
            reason="换了字体",
        )
    for place in ("city", "district", "other_district"):
        Design.objects.create(organisation=tree[place], name="结业证书")
        make_policy(tree[place], cast.auditor, versions=int(place != "city"))
        make_objection(make_notice(tree[place]))
        make_award_round(tree[place], cast.auditor, state="draft" if place == "city" else "nominating")
    for number, user in enumerate((cast.trainee, cast.outside_trainee)):
        make_nomination(AwardRound.objects.order_by("-pk")[1 - number], user.person)
    make_policy(tree["other_district"], cast.auditor, versions=0)
    for user, place in holders[1:]:
        placed = put_internship(user.person, tree[place], cast.supervisor, "ended")
        make_employment(placed, placed.ends_on + timedelta(days=1), timezone.localdate())
    talent.reconcile()
    make_listed(cast.trainee.person, cast.outside_trainee.person)
    assert [model.objects.count() for model in MODELS[:13]] == [4, 4, 3, 4, 3, 3, 6, 7, 3, 1, 3, 3, 3]
    assert [model.objects.count() for model in MODELS[13:19]] == [3, 3, 3, 3, Person.objects.count(), 3]
    assert [model.objects.count() for model in MODELS[19:26]] == [4, 4, 3, 3, 8, 3, 3]
    assert [model.objects.count() for model in MODELS[26:]] == [6, 8, 3, 3, 3, 3, 2, 3, 3, 3, 2, 5, 5, 3, 2]
    return cast


@pytest.mark.parametrize("part", [*CAST, "root", "anonymous"])
def test_who_may_view_a_row_finds_it_and_nobody_else(world, part):
    if part == "root":
        user = User.objects.create_superuser("root@example.com")
    else:
        user = AnonymousUser() if part == "anonymous" else getattr(world, part)
    for model in MODELS:
        if part == "root" and model in OWN:
            continue  # an operator may do anything, but what somebody keeps for themselves is not listed even there
        found = set(model.objects.visible_to(user))
        for row in model.objects.all():
            assert user.has_perm(f"credentials.view_{model._meta.model_name}", row) == (row in found), (
                model.__name__,
                row,
            )


@pytest.mark.parametrize("part", CAST)
def test_what_may_be_acted_on_may_be_seen(world, part):
    user = getattr(world, part)
    verbs = {
        Certificate: ["issue_certificate", "revoke_certificate", "replace_certificate"],
        HoursEntry: ["correct_hoursentry"],
        RegistrationPeriod: ["verify_registrationperiod", "make_renewalpack"],
        QualificationRecord: ["verify_qualificationrecord"],
        ConductRecord: ["lift_conductrecord"],
        Commendation: ["strike_commendation"],
        Internship: ["decide_internship", "read_internship", "open_internshippaper"],
        EmploymentProof: ["verify_employmentproof"],
        ManualEntry: ["accept_manualentry", "confirm_manualentry", "return_manualentry"],
        PendingIssue: ["issue_pending"],
        AwardRound: ["run_awardround", "change_awardround"],
        PublicNotice: ["withdraw_publicnotice"],
        Objection: ["answer_objection", "erase_objector"],
        Claim: ["take_claimpaper", "close_claim", "declare_claimconflict"],
        ClaimAppeal: ["answer_claimappeal"],
        PaymentBatch: [
            *("work_on_paymentbatch", "release_paymentbatch", "return_paymentbatch", "take_out_paymentbatch")
        ],
        PaymentEntry: ["correct_paymententry"],
        PaymentLine: ["record_reversal", "settle_paymentline"],
        PaymentReversal: ["confirm_paymentreversal"],
    }
    for model, names in verbs.items():
        found = set(model.objects.visible_to(user))
        for row in model.objects.all():
            if any(user.has_perm(f"credentials.{name}", row) for name in names):
                assert row in found, (part, row)


@pytest.mark.parametrize("part", CAST)
def test_only_the_administrators_of_the_place_revoke_replace_and_correct(world, tree, part):
    user = getattr(world, part)
    certificate = Certificate.objects.get(person=world.trainee.person, organisation=tree["district"])
    entry = HoursEntry.objects.get(person=world.trainee.person, organisation=tree["district"])
    for verb in ("issue_certificate", "revoke_certificate", "replace_certificate"):
        assert user.has_perm(f"credentials.{verb}", certificate) == (part in ABOVE)
    assert user.has_perm("credentials.correct_hoursentry", entry) == (part in ABOVE)


@pytest.mark.parametrize("part", [*CAST, "anonymous"])
def test_whose_hours_may_be_read_in_sum_is_one_question(world, part):
    user = AnonymousUser() if part == "anonymous" else getattr(world, part)
    found = set(holders_for(user))
    assert {row.person for row in holdings_in(user)[:]} <= found
    for person in Person.objects.all():
        assert user.has_perm("credentials.read_holdings", person) == (person in found)


@pytest.mark.parametrize("part", [*CAST, "anonymous"])
def test_what_the_desk_offers_is_what_the_rules_allow(world, part):
    user = AnonymousUser() if part == "anonymous" else getattr(world, part)
    for appeal in ClaimAppeal.objects.all():
        may = user.has_perm("credentials.answer_claimappeal", appeal)
        assert (appeal in appeals_for(user)) == may == (not why_not_hear(appeal, user))
    for policy in SubsidyPolicy.objects.all():
        pays = policy in payable_policies(user)
        assert pays == user.has_perm("credentials.build_paymentbatch", policy)
        assert pays == user.has_perm("credentials.set_paymentbudget", policy)
    for batch in PaymentBatch.objects.all():
        may = user.has_perm("credentials.release_paymentbatch", batch)
        assert may == (not why_not_release(batch, user)) and not (may and user == batch.built_by)
    for reversal in PaymentReversal.objects.all():
        may = user.has_perm("credentials.confirm_paymentreversal", reversal)
        assert may == (not why_not_confirm(reversal, user)) and not (may and user == reversal.recorded_by)


def test_who_only_reads_claims_posts_none_and_takes_no_paper_without_its_watermark(world, tree):
    of_district = SubsidyPolicy.objects.get(code="example-district")
    claim = Claim.objects.exclude(state="draft").get(person=world.other_trainee.person)
    verbs = {"post_claims": of_district, "take_claimpaper": claim}
    for verb, thing in verbs.items():
        may = {part for part in CAST if getattr(world, part).has_perm(f"credentials.{verb}", thing)}
        assert may == ABOVE, verb


def test_nobody_acts_on_their_own(world):
    certificate = Certificate.objects.get(person=world.administrator.person)
    entry = HoursEntry.objects.get(person=world.administrator.person)
    pending = PendingIssue.objects.get(enrolment__person=world.administrator.person)
    period = RegistrationPeriod.objects.get(person=world.administrator.person)
    manual = ManualEntry.objects.get(person=world.administrator.person)
    for user, may in ((world.administrator, False), (world.city_administrator, True)):
        for verb in ("issue_certificate", "revoke_certificate", "replace_certificate"):
            assert user.has_perm(f"credentials.{verb}", certificate) is may
        assert user.has_perm("credentials.correct_hoursentry", entry) is may
        assert user.has_perm("credentials.issue_pending", pending) is may
        assert user.has_perm("credentials.verify_registrationperiod", period) is may
        assert user.has_perm("credentials.enter_manualentry", world.administrator.person) is may
        for verb in ("accept", "confirm", "return"):
            assert user.has_perm(f"credentials.{verb}_manualentry", manual) is may


def test_a_city_or_a_province_says_how_hours_count(world, tree):
    makers = {part for part in CAST if getattr(world, part).has_perm("credentials.add_hoursrule")}
    assert makers == {"city_administrator"}
    of_province, of_city = (HoursRule.objects.get(organisation=tree[name]) for name in ("province", "city"))
    assert world.city_administrator.has_perm("credentials.add_hoursrule", of_city)
    assert not world.city_administrator.has_perm("credentials.add_hoursrule", of_province)


@pytest.mark.parametrize("part", CAST)
def test_nobody_changes_or_deletes_what_credentials_keeps(world, part):
    user = getattr(world, part)
    for model in MODELS:
        for verb in ("delete",) if model in PLANNED + DRAFTS else ("change", "delete"):
            assert not user.has_perm(f"credentials.{verb}_{model._meta.model_name}"), model.__name__
