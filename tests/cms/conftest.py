from pathlib import Path
from typing import Any

import pytest
import yaml

from cms.models import HomePage
from cms.public import set_up_site, write_site
from core.organisations.actions import sync_groups
from tests.factories import make_course_page

CONTENT = Path(__file__).resolve().parents[2] / "config/demo/content/pages.yaml"


@pytest.fixture
def home(db: None) -> HomePage:
    """A site that was just set up."""
    return set_up_site()


@pytest.fixture
def outline() -> dict[str, Any]:
    """The site as the demo writes it."""
    return yaml.safe_load(CONTENT.read_text(encoding="utf-8"))


def write(outline: dict[str, Any]) -> HomePage:
    for code in ("spark-practice", "all-round"):
        course = make_course_page(f"课程 {code}")
        course.code = code
        course.save()
    return write_site(content=outline, actor=None)


@pytest.fixture
def full_site(home: HomePage, outline: dict[str, Any]) -> HomePage:
    """The whole demo site."""
    return write(outline)


@pytest.fixture
def site(home: HomePage, outline: dict[str, Any]) -> HomePage:
    """Two pages of every kind of the demo site."""
    return write({name: part[:2] if isinstance(part, list) else part for name, part in outline.items()})


@pytest.fixture
def writers(home: HomePage, cast: Any) -> Any:
    """The cast, with the groups of today: the city administrator edits, the instructor is an author."""
    for user in (cast.city_administrator, cast.instructor):
        sync_groups(user)
    return cast
