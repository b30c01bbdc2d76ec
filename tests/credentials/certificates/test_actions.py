from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice, Person
from core.states import IllegalMove, Refused, StaleState
from credentials.certificates import actions
from credentials.certificates.document import wording_of
from credentials.certificates.files import printed_facts
from credentials.certificates.policy import last_day
from credentials.models import Certificate, HoursEntry, PendingIssue, SerialCounter
from lms.enrolments.actions import complete_if_done
from lms.models import Cohort
from lms.public import completion_told
from lms.signals import course_completed
from tests.core.pdf.reading import text_of
from tests.credentials.conftest import pdf_of
from tests.factories import make_certificate, make_cohort, make_enrolment, make_learned, make_version

RARE = ["王䶮", "李堃", "赵㛃", "陈𬭎"]
UNPRINTABLE = "王ཀ"


def event_of(cohort, person):
    return completion_told(make_enrolment(cohort, person, "completed").pk)


# --- Once ----------------------------------------------------------------------------------------------------------


def test_completing_the_course_brings_the_certificate_the_hours_and_a_notice(tree, cast):
    enrolment = make_learned(make_enrolment(make_cohort(tree["district"]), cast.trainee.person))
    for _ in range(3):
        complete_if_done(enrolment=enrolment)
    certificate = Certificate.objects.get()
    assert (certificate.enrolment, certificate.person) == (enrolment, cast.trainee.person)
    assert (certificate.organisation, certificate.state) == (tree["district"], "valid")
    assert HoursEntry.objects.get().source == f"lms.enrolment:{enrolment.pk}"
    assert Notice.objects.filter(user=cast.trainee, kind="certificate").count() == 1
    assert AuditEntry.objects.filter(action="credentials.issue").count() == 1


def test_the_event_told_again_changes_nothing(certificate, django_assert_num_queries):
    event = completion_told(certificate.enrolment_id)
    for _ in range(3):
        course_completed.send(Cohort, event=event)
    assert Certificate.objects.get() == certificate
    assert HoursEntry.objects.count() == 1
    assert SerialCounter.objects.get().last == 1
    with django_assert_num_queries(1 + 2):  # it is found at once, between the ends of a transaction
        assert actions.issue(event=event) == certificate


def test_the_database_refuses_a_second_one_for_the_same_enrolment(certificate):
    fields = {name: getattr(certificate, name) for name in ("person", "enrolment", "organisation", "name")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(serial="X", code="X", issued_on=certificate.issued_on, **fields)


def test_serials_run_without_a_gap(tree, cast):
    cohort = make_cohort(tree["district"])
    people = [cast.trainee, cast.other_trainee, cast.outside_trainee]
    made = [make_certificate(each.person, tree["district"], cohort) for each in people]
    assert [each.serial.split("-")[2] for each in made] == ["000001", "000002", "000003"]


# --- Frozen --------------------------------------------------------------------------------------------------------


def test_later_changes_of_name_course_and_organisation_change_nothing(certificate, cast, tree, settings):
    before = pdf_of(certificate)
    said = Certificate.objects.filter(pk=certificate.pk).values().get()
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="林大荷")
    version = certificate.enrolment.version
    version.course.title = "别的课程"
    version.course.save()
    type(tree["district"]).objects.filter(pk=tree["district"].pk).update(name="别的机构")
    settings.SITE_URL = "https://elsewhere.example.com"
    assert Certificate.objects.filter(pk=certificate.pk).values().get() == said
    assert pdf_of(Certificate.objects.get()) == before


def test_the_words_and_the_address_are_those_of_the_day_of_issue(tree, cast, tmp_path, settings):
    """A file that is made late, or made again years later, says what it would have said at once."""
    settings.SITE_URL = "https://old.example.com"
    made = make_certificate(cast.trainee.person, tree["district"])
    settings.SITE_URL = "https://new.example.com"
    assert printed_facts(made).verify_url.startswith("https://old.example.com/verify/")
    assert made.verify_url.startswith("https://new.example.com/verify/")
    facts = made.facts | {"wording": made.facts["wording"] | {"heading": "培训证书"}}
    other = make_certificate(cast.trainee.person, tree["district"], facts=facts)
    assert "培训证书" in text_of(pdf_of(other), tmp_path)


def test_how_long_it_is_valid_is_frozen_and_goes_on_to_its_replacement(tree, cast):
    cohort = make_cohort(tree["district"], make_version(certificate_years=3))
    made = make_certificate(cast.trainee.person, tree["district"], cohort)
    assert made.expires_on == last_day(timezone.localdate(), 3)
    fresh = actions.replace(certificate=made, reason="遗失", actor=cast.administrator)
    assert fresh.expires_on == made.expires_on


@pytest.mark.parametrize(
    "change",
    [
        {"name": "林大荷"},
        {"facts": {}},
        {"serial": "X"},
        {"code": "X"},
        {"title": "别的课程"},
        {"issued_on": timezone.localdate() - timedelta(days=1)},
        {"expires_on": timezone.localdate()},
        {"enrolment": None},
        {"sha256": "0" * 64},
        {"state": "nonsense", "reason": "x", "ended_at": timezone.now()},
        {"state": "revoked"},
    ],
    ids=lambda change: "-".join(change),
)
def test_the_database_refuses_to_change_what_a_certificate_says(certificate, change):
    pdf_of(certificate)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)


def test_the_database_refuses_to_delete_a_certificate(certificate, cast):
    actions.revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM credentials_certificate")
    assert Certificate.objects.count() == 1


def test_the_database_refuses_to_bring_a_revoked_one_back(certificate, cast):
    actions.revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    for change in (
        {"state": "valid", "ended_at": None, "reason": ""},
        {"reason": "别的"},
        {"state": "replaced"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(**change)


# --- Revoked, replaced ---------------------------------------------------------------------------------------------


def test_revoking_says_why_is_audited_and_told(certificate, cast):
    actions.revoke(certificate=certificate, reason=" 考试作弊 ", actor=cast.administrator)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason) == ("revoked", "考试作弊")
    assert certificate.ended_by == cast.administrator
    entry = AuditEntry.objects.get(action="credentials.revoke")
    assert (entry.user, entry.organisation) == (cast.administrator, certificate.organisation)
    assert entry.data["reason"].strip() == "考试作弊"
    assert Notice.objects.filter(user=cast.trainee, source=f"credentials.revoke:{certificate.pk}").exists()


@pytest.mark.parametrize("verb", [actions.revoke, actions.replace])
def test_without_a_reason_nothing_happens(certificate, cast, verb):
    with pytest.raises(ValueError, match="reason"):
        verb(certificate=certificate, reason="  ", actor=cast.administrator)
    certificate.refresh_from_db()
    assert certificate.state == "valid"
    assert Certificate.objects.count() == 1


def test_a_chain_of_replacements_keeps_every_link(certificate, cast):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王䶮")
    second = actions.replace(certificate=certificate, reason="更名", actor=cast.administrator)
    third = actions.replace(certificate=second, reason="遗失", actor=cast.administrator)
    certificate.refresh_from_db()
    assert [certificate.state, second.state, third.state] == ["replaced", "replaced", "valid"]
    assert (certificate.name, second.name) == ("林小荷", "王䶮")
    assert (third.replaces, second.replaces) == (second, certificate)
    assert len({certificate.code, second.code, third.code}) == 3
    assert third.facts["issuer"] == certificate.facts["issuer"]
    assert AuditEntry.objects.filter(action="credentials.replace").count() == 2
    assert pdf_of(certificate) != pdf_of(third)


def test_what_has_ended_ends_only_once(certificate, cast):
    stale = Certificate.objects.get()
    actions.revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    for row, fault in ((certificate, IllegalMove), (stale, StaleState)):
        with pytest.raises(fault):
            actions.replace(certificate=row, reason="再来", actor=cast.administrator)
        with pytest.raises(fault):
            actions.revoke(certificate=row, reason="再来", actor=cast.administrator)
    assert Certificate.objects.get().reason == "考试作弊"
    assert SerialCounter.objects.get().last == 1


@pytest.mark.parametrize(("name", "said"), [(UNPRINTABLE, "U+0F40"), ("", "没有姓名")])
def test_a_name_that_cannot_be_printed_replaces_nothing(certificate, cast, name, said):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name=name)
    with pytest.raises(Refused, match=said.replace("+", r"\+")):
        actions.replace(certificate=certificate, reason="更名", actor=cast.administrator)
    assert Certificate.objects.get().state == "valid"


# --- Names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RARE)
def test_a_rare_name_is_issued_and_copied_as_it_is_written(tree, cast, tmp_path, name):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name=name)
    cast.trainee.person.refresh_from_db()
    made = make_certificate(cast.trainee.person, tree["district"])
    assert name in text_of(pdf_of(made), tmp_path).splitlines()


def test_a_missing_glyph_puts_the_certificate_on_hold_and_says_which(tree, cast):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name=UNPRINTABLE)
    enrolment = make_learned(make_enrolment(make_cohort(tree["district"]), cast.trainee.person))
    for _ in range(2):
        complete_if_done(enrolment=enrolment)
    enrolment.refresh_from_db()
    pending = PendingIssue.objects.get()
    assert enrolment.state == "completed"
    assert HoursEntry.objects.count() == 1
    assert not Certificate.objects.exists()
    assert not SerialCounter.objects.exists()
    assert "ཀ (U+0F40)" in pending.reason_here
    assert Notice.objects.filter(source=f"credentials.hold:{enrolment.pk}", user=cast.trainee).count() == 1
    assert Notice.objects.filter(source=f"credentials.hold:{enrolment.pk}", user=cast.administrator).exists()


def test_when_the_name_is_corrected_it_is_issued_exactly_once(tree, cast):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name=UNPRINTABLE)
    assert actions.issue(event=event_of(make_cohort(tree["district"]), cast.trainee.person)) is None
    pending = PendingIssue.objects.get()
    assert actions.issue_pending(pending=pending, actor=cast.administrator) is None
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王䶮")
    made = [actions.issue_pending(pending=pending, actor=cast.administrator) for _ in range(3)]
    assert {each.pk for each in made} == {Certificate.objects.get().pk}
    assert made[0].name == "王䶮"
    assert made[0].issued_by == cast.administrator
    assert not PendingIssue.objects.waiting().exists()
    assert actions.reconcile() == [f"certificate {made[0].serial}: file made"]


def test_a_sign_in_the_cohorts_title_is_named_and_its_correction_cures_it(tree, cast):
    cohort = make_cohort(tree["district"], title="春季班\U0001f338")
    assert actions.issue(event=event_of(cohort, cast.trainee.person)) is None
    pending = PendingIssue.objects.get()
    assert "U+1F338" in pending.reason_here
    assert "班" in pending.reason_here
    Cohort.objects.filter(pk=cohort.pk).update(title="春季班")
    assert actions.issue_pending(pending=pending, actor=cast.administrator).facts["cohort"] == "春季班"


def test_an_empty_name_is_no_certificate(tree, cast):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name=" ")
    assert actions.issue(event=event_of(make_cohort(tree["district"]), cast.trainee.person)) is None
    assert PendingIssue.objects.get().characters == ""


def test_the_hours_printed_follow_the_rule_of_the_ledger(tree, cast):
    cohort = make_cohort(tree["district"], make_version(minutes=100))
    made = make_certificate(cast.trainee.person, tree["district"], cohort)
    assert (made.facts["hours"], made.facts["minutes"]) == ("2.2", 100)


@pytest.mark.parametrize(
    ("asked", "says", "says_not"),
    [
        ({"by_quizzes": False}, "已修完下列课程的全部内容", "考核"),
        ({"by_lessons": False}, "已通过下列课程的全部考核", "修完"),
        ({"by_lessons": False, "by_quizzes": False}, "已按要求完成下列课程的学习", "全部"),
        ({}, "已修完下列课程的全部内容，经考核合格", "通过"),
    ],
)
def test_nothing_is_certified_that_nobody_had_to_do(asked, says, says_not):
    words = wording_of(**{"by_lessons": True, "by_quizzes": True, **asked})
    assert says in words.statement and says_not not in words.statement
