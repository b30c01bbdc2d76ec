from pathlib import Path
from typing import Any

import pytest
import yaml

from cms.models import HomePage
from cms.public import set_up_site, write_site
from core.organisations.actions import sync_groups
from tests.factories import make_course_page
from tests.kept import Kept

CONTENT = Path(__file__).resolve().parents[2] / "config/demo/content/pages.yaml"


@pytest.fixture
def home(db: None) -> HomePage:
    """A site that was just set up."""
    _HOME.get()
    return HomePage.objects.get()


@pytest.fixture
def outline() -> dict[str, Any]:
    """The site as the demo writes it."""
    return _outline()


def _outline() -> dict[str, Any]:
    return yaml.safe_load(CONTENT.read_text(encoding="utf-8"))


def write(outline: dict[str, Any]) -> None:
    for code in ("spark-practice", "all-round"):
        course = make_course_page(f"课程 {code}")
        course.code = code
        course.save()
    write_site(content=outline, actor=None)


_HOME = Kept(lambda: set_up_site() and None, alone="cms_homepage")
_FULL = Kept(lambda: write(_outline()), alone="lms_coursepage")
_SMALL = Kept(lambda: write(_two_of_each(_outline())), alone="lms_coursepage")


def _two_of_each(outline: dict[str, Any]) -> dict[str, Any]:
    return {name: part[:2] if isinstance(part, list) else part for name, part in outline.items()}


@pytest.fixture
def full_site(home: HomePage) -> HomePage:
    """The whole demo site."""
    _FULL.get()
    return HomePage.objects.get(pk=home.pk)


@pytest.fixture
def site(home: HomePage) -> HomePage:
    """Two pages of every kind of the demo site."""
    _SMALL.get()
    return HomePage.objects.get(pk=home.pk)


@pytest.fixture
def writers(home: HomePage, cast: Any) -> Any:
    """The cast, with the groups of today: the city administrator edits, the instructor is an author."""
    for user in (cast.city_administrator, cast.instructor):
        sync_groups(user)
    return cast
