"""The desk keeps the templates and the rule of publication."""

import pytest
from django.urls import reverse

from supervision.models import (
    EvaluationTemplate,
)


def template_data(tree, **more):
    return {
        "organisation": tree["district"].pk,
        "about": "mentee",
        "title": "评估表",
        "starts_on": "2026-01-01",
        "days_open": "14",
        "asked": "主动反思\n按约行动\n",
        "asks_fields": "on",
    } | more


def test_an_administrator_keeps_a_template(client, tree, cast):
    client.force_login(cast.administrator)
    assert client.post(reverse("evaluation_templates:add"), template_data(tree)).status_code == 302
    row = EvaluationTemplate.objects.get()
    assert (row.questions, row.asks_fields) == (["主动反思", "按约行动"], True)
    assert client.get(reverse("evaluation_templates:index")).status_code == 200
    edit = reverse("evaluation_templates:edit", args=[row.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, template_data(tree, title="改")).status_code == 302
    row.refresh_from_db()
    assert row.title == "改"


@pytest.mark.parametrize(
    "bad", [{"asked": ""}, {"asked": "问\n" * 30 + "x" * 300}, {"days_open": "9" * 30}, {"title": "\0"}]
)
def test_a_template_with_faults_is_told_why(client, tree, cast, bad):
    client.force_login(cast.administrator)
    assert client.post(reverse("evaluation_templates:add"), template_data(tree, **bad)).status_code == 200
    assert not EvaluationTemplate.objects.exists()


def test_the_rule_of_publication_is_set_at_the_desk(client, tree, cast):
    client.force_login(cast.administrator)
    address = reverse("evaluation_templates:published")
    rule = {"organisation": tree["district"].pk, "minimum": "4", "starts_on": "2026-01-01", "source": "通知"}
    assert "5" in client.post(address, rule).text
    assert client.post(address, rule | {"minimum": "7"}).status_code == 302
    client.force_login(cast.auditor)
    assert client.get(address).status_code == 200
    assert client.post(address, rule).status_code == 404
    client.force_login(cast.trainee)
    assert client.get(address).status_code in (302, 403, 404)
