"""An agreement is drafted, proposed, sent back, accepted; a change replaces it; its texts are for the pair alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove, Refused, StaleState
from supervision.agreements import actions
from supervision.agreements.queries import page_of, template_for
from supervision.models import Agreement, AgreementAcceptance, AgreementTemplate, AgreementText
from supervision.pairings.actions import NotPossible, end_pairing
from tests.factories import make_agreement, make_agreement_template

MARKER = "金丝雀目标canary8842"


def frame(**more):
    today = timezone.localdate()
    days = {
        "starts_on": today,
        "ends_on": today + timedelta(days=180),
        "review_on": today + timedelta(days=90),
    }
    return {"every_days": 14, "minutes": 60, "way": "on_site"} | days | more


@pytest.fixture
def template(tree):
    return make_agreement_template(tree["district"])


@pytest.fixture
def draft(pair, cast, template):
    return actions.draft_agreement(
        pairing=pair.pairing, actor=cast.supervisor, goals=MARKER, place=MARKER, frame=frame()
    )


def accept(agreement, cast):
    actions.propose_agreement(agreement=agreement, actor=cast.supervisor)
    return actions.accept_agreement(agreement=agreement, actor=cast.trainee)


def test_the_nearest_template_in_force_is_taken(tree):
    today = timezone.localdate()
    make_agreement_template(tree["city"], title="市")
    make_agreement_template(tree["other_station"], title="别处")
    nearer = make_agreement_template(tree["district"], title="区")
    assert template_for(tree["station"], today) == nearer
    AgreementTemplate.objects.filter(pk=nearer.pk).update(ends_on=today - timedelta(days=1))
    assert template_for(tree["station"], today).title == "市"


def test_the_supervisor_reads_the_template_before_writing_and_is_told_when_there_is_none(
    client, pair, cast, tree
):
    client.force_login(cast.supervisor)
    address = reverse("supervision:agreement-draft", args=[pair.pairing.pk])
    without = client.get(address).text
    assert "这里没有生效的协议模板" in without and 'name="goals"' not in without
    typed = {name: str(value) for name, value in frame(goals="会谈技巧").items()}
    late = client.post(address, typed).text  # it ended while this was typed: nothing typed is lost
    assert "会谈技巧" in late and 'name="goals"' in late
    make_agreement_template(tree["district"], sections={"privacy": "只有两人可以看到"})
    shown = client.get(address).text
    assert "只有两人可以看到" in shown and 'name="goals"' in shown
    client.post(address, typed)
    AgreementTemplate.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "只有两人可以看到" in client.get(address).text  # on which the draft rests


def test_a_template_that_is_used_stays_and_its_edit_is_the_next_version(cast, template, draft):
    edited = actions.save_agreement_template(
        actor=cast.administrator,
        organisation=template.organisation,
        template=template,
        title="新",
        sections={"purpose": "改过"},
        starts_on=template.starts_on,
    )
    template.refresh_from_db()
    assert (edited.version, edited.replaces, template.title) == (2, template, "督导协议")
    assert template_for(template.organisation, timezone.localdate()) == edited
    again = actions.save_agreement_template(
        actor=cast.administrator,
        organisation=template.organisation,
        template=edited,
        title="再新",
        sections={"purpose": "改过"},
        starts_on=template.starts_on,
    )
    assert again.pk == edited.pk  # nothing rests on it yet
    with pytest.raises(Refused):
        actions.save_agreement_template(
            actor=cast.administrator,
            organisation=template.organisation,
            template=template,
            title="迟",
            sections={"purpose": "改过"},
            starts_on=template.starts_on,
        )


def test_both_accept_the_same_text(cast, draft):
    agreement = accept(draft, cast)
    signed = AgreementAcceptance.objects.filter(agreement=agreement)
    assert {each.person for each in signed} == {cast.supervisor.person, cast.trainee.person}
    assert len({each.text_hash for each in signed}) == 1
    assert agreement.accepted_at is not None
    assert set(Notice.objects.filter(kind="supervision.agreement").values_list("user", flat=True)) == {
        cast.supervisor.pk,
        cast.trainee.pk,
    }


def test_what_was_sent_back_is_changed_and_proposed_again(cast, draft):
    actions.propose_agreement(agreement=draft, actor=cast.supervisor)
    actions.return_agreement(agreement=draft, actor=cast.trainee, remark=f"{MARKER}太密")
    with pytest.raises(NotPossible):
        actions.propose_agreement(agreement=draft, actor=cast.supervisor)
    changed = actions.draft_agreement(
        pairing=draft.pairing, actor=cast.supervisor, goals="少一点", frame=frame(every_days=30)
    )
    assert (changed.pk, changed.revision) == (draft.pk, 2)
    actions.propose_agreement(agreement=changed, actor=cast.supervisor)
    with pytest.raises(StaleState):  # an old page shows the first proposal
        actions.accept_agreement(agreement=changed, actor=cast.trainee, revision=1)
    agreement = actions.accept_agreement(agreement=changed, actor=cast.trainee, revision=2)
    assert agreement.acceptances.count() == 3
    assert AgreementText.objects.filter(agreement=agreement).count() == 2
    told = [type(act).__name__ for act in page_of(agreement, cast.trainee).acts]  # as it happened
    assert told == ["AgreementAcceptance", "AgreementRemark", "AgreementAcceptance", "AgreementAcceptance"]


def test_a_change_is_a_new_agreement_and_one_is_in_force(pair, cast, draft):
    first = accept(draft, cast)
    second = actions.draft_agreement(
        pairing=pair.pairing, actor=cast.supervisor, goals="新目标", frame=frame()
    )
    first.refresh_from_db()
    assert (second.number, first.state) == (2, "accepted")
    accept(second, cast)
    first.refresh_from_db()
    assert first.state == "superseded"
    with pytest.raises(IntegrityError), transaction.atomic():
        make_agreement(pair.pairing, "accepted", number=3)


def test_each_side_does_its_own_part_and_an_ended_pairing_agrees_on_nothing(pair, cast, draft):
    with pytest.raises(NotPossible):
        actions.propose_agreement(agreement=draft, actor=cast.trainee)
    actions.propose_agreement(agreement=draft, actor=cast.supervisor)
    with pytest.raises(NotPossible):
        actions.accept_agreement(agreement=draft, actor=cast.supervisor)
    with pytest.raises(NotPossible):  # it waits for the mentee
        actions.draft_agreement(pairing=pair.pairing, actor=cast.supervisor, goals="x", frame=frame())
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="换岗")
    with pytest.raises(NotPossible):
        actions.accept_agreement(agreement=draft, actor=cast.trainee)


def test_of_an_ended_pair_no_agreement_is_in_force(client, pair, cast, draft):
    agreement = accept(draft, cast)
    client.force_login(cast.trainee)
    pages = (agreement.get_absolute_url(), pair.pairing.get_absolute_url())
    assert all("生效中" in client.get(page).content.decode() for page in pages)
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="换岗")
    for page in pages:
        said = client.get(page).content.decode()
        assert "已随结对结束" in said
        assert "生效中" not in said


def test_without_a_template_in_force_nothing_is_drafted(pair, cast):
    with pytest.raises(NotPossible):
        actions.draft_agreement(pairing=pair.pairing, actor=cast.supervisor, goals="x", frame=frame())


def test_one_that_is_in_force_is_not_withdrawn(cast, draft):
    agreement = accept(draft, cast)
    with pytest.raises(IllegalMove):
        actions.withdraw_agreement(agreement=agreement, actor=cast.supervisor)


def test_the_pair_takes_it_out_as_a_pdf_and_nobody_else(client, cast, draft):
    address = reverse("supervision:agreement-pdf", args=[draft.pk])
    client.force_login(cast.supervisor)
    assert client.get(address).status_code == 404  # nothing is agreed yet
    agreement = accept(draft, cast)
    answer = client.get(address)
    assert answer.content.startswith(b"%PDF") and answer.content == actions.document_of(agreement)
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 404
    assert client.get(agreement.get_absolute_url()).status_code == 200


def test_the_pages_go_the_whole_way(client, pair, cast, template):
    write = reverse("supervision:agreement-draft", args=[pair.pairing.pk])
    client.force_login(cast.supervisor)
    assert client.get(write).status_code == 200
    days = {name: str(value) for name, value in frame().items()}
    assert client.post(write, days).status_code == 200  # no goals: said at the field
    assert client.post(write, days | {"goals": "x\x00", "minutes": "9" * 40}).status_code == 200
    unprintable = client.post(write, days | {"goals": "独立接案\U0001f600"})
    assert "1F600" in str(unprintable.context["form"].errors["goals"])
    over = {"starts_on": f"{timezone.localdate() - timedelta(days=400)}"} | {
        name: f"{timezone.localdate() - timedelta(days=1)}" for name in ("review_on", "ends_on")
    }
    refused = client.post(write, days | over | {"goals": "独立接案"})
    assert set(refused.context["form"].errors) == {"ends_on", "review_on"}  # a term that is over binds nobody
    slip = client.post(write, days | {"goals": "独立接案", "ends_on": "2206-12-01"})
    assert set(slip.context["form"].errors) == {"ends_on"}
    assert not Agreement.objects.exists()
    client.post(write, days | {"goals": "独立接案", "place": "会谈室"})
    agreement = Agreement.objects.get()
    page = agreement.get_absolute_url()
    assert "独立接案" in client.get(page).content.decode()
    client.post(reverse("supervision:agreement-propose", args=[agreement.pk]))
    client.force_login(cast.trainee)
    assert client.get(write).status_code == 404
    assert "支持被督导者成长" in client.get(page).content.decode()
    home = reverse("supervision:home")
    assert page in client.get(home).content.decode()
    back = reverse("supervision:agreement-return", args=[agreement.pk])
    assert client.post(back, {"revision": "1"}).status_code == 422
    yes = reverse("supervision:agreement-accept", args=[agreement.pk])
    client.post(yes, {"revision": "x"})
    assert Agreement.objects.get().state == "proposed"
    client.post(yes, {"revision": "1"})
    assert Agreement.objects.get().state == "accepted"
    assert page not in client.get(home).content.decode()
    assert page in client.get(pair.pairing.get_absolute_url()).content.decode()
    client.force_login(cast.outside_trainee)
    assert client.get(page).status_code == 404


def test_what_the_two_wrote_is_nowhere_but_with_them(client, pair, cast, draft):
    actions.propose_agreement(agreement=draft, actor=cast.supervisor)
    actions.return_agreement(agreement=draft, actor=cast.trainee, remark=MARKER)
    changed = actions.draft_agreement(
        pairing=pair.pairing, actor=cast.supervisor, goals=MARKER, place=MARKER, frame=frame()
    )
    accept(changed, cast)
    for reader in ("administrator", "city_administrator", "auditor"):
        client.force_login(getattr(cast, reader))
        for address in (
            draft.get_absolute_url(),
            pair.pairing.get_absolute_url(),
            reverse("pairings:detail", args=[pair.pairing.pk]),
            reverse("agreement_templates:index"),
            reverse("audit:index") + f"?q={MARKER}",
        ):
            assert MARKER not in client.get(address).content.decode().replace(f'value="{MARKER}"', ""), (
                address
            )
    told = [
        *AuditEntry.objects.values_list("data", flat=True),
        *Notice.objects.values_list("values", flat=True),
    ]
    assert MARKER not in str(told)
    with connection.cursor() as cursor:  # sealed at rest
        for table in ("supervision_agreementtext", "supervision_agreementremark"):
            cursor.execute(f"SELECT * FROM {table}")
            assert MARKER not in str(cursor.fetchall())


def test_the_desk_sees_that_there_is_one_how_often_and_until_when(client, pair, cast, draft):
    client.force_login(cast.administrator)
    desk = reverse("pairings:detail", args=[pair.pairing.pk])
    assert draft.get_absolute_url() not in client.get(desk).content.decode()  # still between the two
    assert client.get(draft.get_absolute_url()).status_code == 404
    agreement = accept(draft, cast)
    shown = client.get(desk).content.decode()
    assert agreement.get_absolute_url() in shown and "每两周一次" in shown


def test_the_desk_keeps_templates(client, tree, cast, django_assert_num_queries):
    client.force_login(cast.administrator)
    add = reverse("agreement_templates:add")
    assert client.get(add).status_code == 200
    typed = {"organisation": tree["district"].pk, "title": "协议", "starts_on": "2026-01-01", "ends_on": ""}
    assert client.post(add, typed).status_code == 200  # no section
    client.post(add, typed | {"section_purpose": "支持成长"})
    template = AgreementTemplate.objects.get()
    assert template.sections == {"purpose": "支持成长"}
    edit = reverse("agreement_templates:edit", args=[template.pk])
    assert "支持成长" in client.get(edit).content.decode()
    client.post(edit, typed | {"title": "改名", "section_purpose": "支持成长"})
    assert AgreementTemplate.objects.get().title == "改名"
    index = reverse("agreement_templates:index")
    assert "改名" in client.get(index).content.decode()
    client.force_login(cast.auditor)
    assert client.get(index).status_code == 200
    assert client.get(edit).status_code in (302, 404)
    client.force_login(cast.outsider)
    assert "改名" not in client.get(index).content.decode()


def test_the_list_of_templates_asks_the_same_number_of_questions(
    client, tree, cast, django_assert_max_num_queries
):
    client.force_login(cast.administrator)
    index = reverse("agreement_templates:index_results")
    make_agreement_template(tree["district"])
    client.get(index)
    counts = []
    for more in (0, 4):
        for _each in range(more):
            make_agreement_template(tree["station"])
        with django_assert_max_num_queries(20) as asked:
            client.get(index)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_no_paper_can_print_is_said_before_anybody_accepts(pair, cast, template):
    agreement = actions.draft_agreement(
        pairing=pair.pairing, actor=cast.supervisor, goals="独立接案\U0001f600", frame=frame()
    )
    with pytest.raises(NotPossible, match="1F600"):
        actions.propose_agreement(agreement=agreement, actor=cast.supervisor)
    agreement.refresh_from_db()
    assert agreement.state == "draft" and not agreement.acceptances.exists()


def test_the_paper_stays_the_same_when_somebody_is_called_otherwise_later(cast, draft):
    agreement = accept(draft, cast)
    before = actions.document_of(agreement)
    type(cast.trainee.person).objects.filter(pk=cast.trainee.person.pk).update(name="改名", is_sample=True)
    assert actions.document_of(Agreement.objects.get()) == before


def test_the_database_itself_keeps_what_was_proposed_and_accepted(cast, draft):
    text = draft.texts.get()
    AgreementText.objects.filter(pk=text.pk).update(goals="还在起草")  # a draft is not proposed yet
    actions.propose_agreement(agreement=draft, actor=cast.supervisor)
    for change in (
        lambda: AgreementText.objects.filter(pk=text.pk).update(goals="改了"),
        lambda: AgreementText.objects.filter(pk=text.pk).delete(),
        lambda: AgreementAcceptance.objects.filter(agreement=draft).update(text_hash="0" * 64),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
