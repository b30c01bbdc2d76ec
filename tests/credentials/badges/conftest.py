"""A badge of the trainee's certificate, and a verifier that shares nothing with the code that signs."""

import json
from pathlib import Path

import jsonschema
import pytest
from django.test import Client

from credentials.badges.actions import badge_for

OFFICIAL = Path(__file__).parent / "official"


@pytest.fixture
def badge(certificate):
    return badge_for(certificate=certificate)


def follows_schema(document: dict, name: str = "achievementcredential") -> list[str]:
    """What 1EdTech's own schema of Open Badges 3.0 finds wrong."""
    schema = json.loads((OFFICIAL / f"ob_v3p0_{name}_schema.json").read_text(encoding="utf-8"))
    kind = jsonschema.Draft201909Validator
    return [error.message for error in kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(document)]


@pytest.fixture
def fetch(settings):
    """What a stranger gets at an address of this site."""

    def get(address: str) -> dict:
        assert address.startswith(settings.SITE_URL)
        answer = Client().get(address.removeprefix(settings.SITE_URL), headers={"Accept": "*/*"})
        assert answer.status_code == 200 and answer["Access-Control-Allow-Origin"] == "*"
        return json.loads(answer.content)

    return get
