"""What the pages of the site show, and what the public finds in them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Page

from cms.navigation.queries import is_english, open_to_all
from cms.pages.models import (
    CasePage,
    NewsPage,
    NoticePage,
    ProgrammeCourse,
    ProgrammePage,
    StaticPage,
    StoryPage,
)
from core.access.scope import Asker
from core.search.policy import excerpt, terms_of_query
from credentials.public import honour_roll, honour_years, public_notices
from lms.public import offers_for

PER_PAGE = 10
MOST_FOUND = 200  # hits that are read; nobody turns more pages than that
LONGEST_QUERY = 100
# What the public may find, by the word in the address. Lessons and quizzes are not among them, ever.
CoursePage: type[Page] = ProgrammeCourse._meta.get_field(
    "course"
).related_model  # lms keeps its models to itself
KINDS: dict[str, tuple[type[Page], Promise | str]] = {
    "programme": (ProgrammePage, _("Programmes")),
    "course": (CoursePage, _("Courses")),
    "notice": (NoticePage, pgettext_lazy("site", "Notices")),
    "news": (NewsPage, _("News")),
    "story": (StoryPage, _("Stories")),
    "case": (CasePage, _("Cases")),
    "page": (StaticPage, _("About and help")),
}


@dataclass(frozen=True)
class Hit:
    """One page that was found, with a piece of its text in stretches that are hits (True) and stretches that are not."""

    page: Page
    kind: str
    label: Promise | str
    title: list[tuple[str, bool]]
    excerpt: list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """What a search of the site found."""

    query: str
    kind: str
    total: int
    counts: list[tuple[str, Promise | str, int]]
    slice: Slice[tuple[int, str]] | None
    hits: list[Hit]


def public_pages() -> Any:
    """Every page that anybody may read, of the kinds that are found and mapped."""
    kinds = ContentType.objects.get_for_models(*(model for model, _ in KINDS.values())).values()
    return open_to_all(Page.objects.filter(content_type__in=list(kinds)))


def find_pages(query: str, *, kind: str = "", number: str | int = 1) -> Found:
    """Search the public pages. `query`, `kind` and `number` may be anything a visitor can type.

    At most MOST_FOUND hits count, best first; an unknown kind means all kinds, an impossible page number the nearest.
    """
    words = "".join(letter for letter in query if unicodedata.category(letter)[0] != "C")[
        :LONGEST_QUERY
    ].strip()
    kind = kind if kind in KINDS else ""
    if not terms_of_query(words):
        return Found(words, kind, 0, [], None, [])
    types = {ContentType.objects.get_for_model(model).pk: name for name, (model, _) in KINDS.items()}
    found = [(page.pk, types[page.content_type_id]) for page in public_pages().search(words)[:MOST_FOUND]]
    numbers = Counter(name for _, name in found)
    counts = [(name, label, numbers[name]) for name, (_, label) in KINDS.items() if numbers[name]]
    chosen = [pair for pair in found if not kind or pair[1] == kind]
    slice = Paginator(chosen, PER_PAGE).get_page(number)
    return Found(words, kind, len(found), counts, slice, _hits(list(slice.object_list), words))


def _hits(pairs: Sequence[tuple[int, str]], words: str) -> list[Hit]:
    pages: dict[int, Page] = {}
    for kind in {pair[1] for pair in pairs}:
        pages |= KINDS[kind][0].objects.in_bulk([pk for pk, its_kind in pairs if its_kind == kind])
    return [
        Hit(
            page=pages[pk],
            kind=kind,
            label=KINDS[kind][1],
            title=excerpt(_title_of(pages[pk]), words, length=200),
            excerpt=excerpt(_text_of(pages[pk]), words),
        )
        for pk, kind in pairs
        if pk in pages
    ]


def _title_of(page: Page) -> str:
    """The title in the reader's language."""
    return (is_english() and str(getattr(page, "title_en", ""))) or page.title


def _text_of(page: Page) -> str:
    """Everything that could have been hit, in the reader's language first."""
    english = [str(getattr(page, name, "") or "") for name in ("title_en", "summary_en", "aims_en")]
    if hasattr(page, "reading_text"):
        chinese = [str(page.reading_text())]
    else:
        chinese = [str(getattr(page, name, "") or "") for name in ("summary", "aims", "audience")]
    parts = [*english[1:], *chinese] if is_english() else [*chinese, *english]
    return "\n".join(part for part in parts if part)


def programmes(limit: int | None = None) -> list[ProgrammePage]:
    """The published programmes, in the order of the page tree."""
    found = open_to_all(ProgrammePage.objects.order_by("path"))
    return list(found[:limit])


def latest(kind: str, limit: int) -> list[Page]:
    """The newest published pages of a kind; kinds without a date of their own in the order of the page tree."""
    model = KINDS[kind][0]
    order = ("-date", "-pk") if hasattr(model, "date") else ("path",)
    return list(open_to_all(model.objects.order_by(*order))[:limit])


def entries_of(index: Page, number: str | int) -> Slice[Any]:
    """One page of what a list page lists."""
    (model,) = index.allowed_subpage_models()
    order = ("-date", "-pk") if hasattr(model, "date") else ("path",)
    entries = open_to_all(model.objects.child_of(index))
    return Paginator(entries.order_by(*order), PER_PAGE).get_page(number)


def public_notices_of(number: str | int) -> Slice[Any]:
    """One page of the public notices that everybody may read, the newest first."""
    return Paginator(public_notices(), PER_PAGE).get_page(number)


def honours_of(asked: str) -> dict[str, Any]:
    """The winners of a year; of the latest one, when another was asked for that nobody was honoured in. Two queries."""
    years = honour_years()
    year = next((one for one in years if str(one) == asked), years[0] if years else None)
    return {"years": years, "year": year, "groups": honour_roll(year) if year else []}


def course_ids_of(page: ProgrammePage) -> list[int]:
    """The courses of a programme, looked up once for the page that is shown (see `course_ids`)."""
    kept: list[int] = page.__dict__.setdefault("shown_course_ids", [])
    if not kept:
        kept.extend(page.course_ids())
    return kept


def offers_of(page: ProgrammePage, user: Asker) -> list[Any]:
    """What the cohorts of this programme's courses offer this visitor (lms.public.CohortOffer), best first."""
    ids = course_ids_of(page)
    found = offers_for(ids, user) if ids else {}
    return [offer for pk in ids for offer in found[pk]]


@dataclass(frozen=True)
class OpenOffer:
    """A cohort that one can join now or soon, and the course that it runs."""

    offer: Any
    course: Page


def open_offers(user: Asker) -> list[OpenOffer]:
    """The cohorts of all programmes that take people now (first the one that closes first), then those where one can only
    wait for a place, then those that open soon."""
    links = ProgrammeCourse.objects.filter(page__in=open_to_all(ProgrammePage.objects.order_by()))
    ids = list(links.order_by().values_list("course_id", flat=True).distinct())
    found = [offer for offers in (offers_for(ids, user) if ids else {}).values() for offer in offers]
    offers = [offer for offer in found if offer.deadline or offer.kind == "opens_on"]
    offers.sort(
        key=lambda offer: (_reach(offer), offer.deadline or offer.opens_at or timezone.now(), offer.cohort_id)
    )
    courses = {course.pk: course for course in courses_of(list({offer.course_id for offer in offers}))}
    return [OpenOffer(offer, courses[offer.course_id]) for offer in offers if offer.course_id in courses]


def _reach(offer: Any) -> int:
    """How near a place is: 0 one can have one now, 1 only after others or not at all for this visitor, 2 later."""
    if offer.deadline is None:
        return 2
    return 1 if offer.state == "full_waiting_list" or offer.kind == "elsewhere" else 0


def courses_of(course_ids: Collection[int]) -> list[Page]:
    """The published course pages with these ids, in the order of the ids."""
    found = open_to_all(CoursePage.objects.all()).in_bulk(list(course_ids))
    return [found[pk] for pk in course_ids if pk in found]


def neighbours_of(page: Page) -> dict[str, Page | None]:
    """The published pages of the same kind before and after this one in its list."""
    around = open_to_all(page.specific_class.objects.sibling_of(page, inclusive=False))
    return {
        "previous": around.filter(path__lt=page.path).order_by("-path").first(),
        "next": around.filter(path__gt=page.path).order_by("path").first(),
    }
