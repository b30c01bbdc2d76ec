"""Writing the whole site from one outline, as the demo does. Run again it changes only what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.html import escape
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.models import Page

from cms.pages.actions.setting_up import SELF_MADE, set_up_site
from cms.pages.models import (
    CaseIndexPage,
    CasePage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    NoticeAttachment,
    NoticeIndexPage,
    NoticePage,
    ProgrammeCourse,
    ProgrammeIndexPage,
    ProgrammePage,
    StaticPage,
    StoryIndexPage,
    StoryPage,
)
from core.access.scope import Asker

Outline = Mapping[str, Any]
P = TypeVar("P", bound=Page)
# The lists of the site: kind of page, address, title, its English, introduction, its English.
LISTS: tuple[tuple[type[Page], str, str, str, str, str], ...] = (
    (
        ProgrammeIndexPage,
        "xiangmu",
        "项目",
        "Programmes",
        "每个项目都写明给谁、学什么、怎么学。选一个适合你的，看看哪些班次正在招生。",
        "Each programme says whom it is for, what it teaches and how. Choose one and see which cohorts are open.",
    ),
    (
        NoticeIndexPage,
        "gonggao",
        "公告",
        "Notices",
        "招生、评估、结对和其他安排，以这里发布的为准。",
        "Admissions, evaluations, pairing and more: what is published here counts.",
    ),
    SELF_MADE[0],
    (
        NewsIndexPage,
        "xinwen",
        "动态",
        "News",
        "课堂上、站点里、督导间，正在发生的事。",
        "What happens in class, in stations and in supervision.",
    ),
    (
        StoryIndexPage,
        "gushi",
        "故事",
        "Stories",
        "学员、督导和社工站，讲讲自己是怎么走过来的。",
        "Trainees, supervisors and stations tell how they got here.",
    ),
    SELF_MADE[1],
    (
        CaseIndexPage,
        "anli",
        "示范案例",
        "Cases",
        "经过去识别化处理的服务案例：问题、评估、介入、结果、反思。",
        "Anonymised cases from practice: problem, assessment, intervention, outcome, reflection.",
    ),
)


@transaction.atomic
def write_site(*, content: Outline, actor: Asker | None) -> HomePage:
    """Write and publish every page of the outline (the shape of config/demo/content/pages.yaml).

    Courses must be there first: a programme is linked to those whose codes it names, and unknown codes are passed
    over. Pages are found by their place and address; pages that people added stay as they are. Raises KeyError when
    the outline lacks a required entry.
    """
    home = set_up_site()
    write = _Writer(actor)
    write.page(HomePage, None, home.slug, _home_fields(content["home"]))
    home = HomePage.objects.get(pk=home.pk)
    lists = {}
    for kind, slug, title, title_en, intro, intro_en in LISTS:
        texts = {
            "title": title,
            "title_en": title_en,
            "intro": intro,
            "intro_en": intro_en,
            "show_in_menus": True,
        }
        lists[kind] = write.page(kind, home, slug, texts)
    _arrange(home, [lists[kind] for kind, *_ in LISTS])
    lists = {
        kind: kind.objects.get(pk=page.pk) for kind, page in lists.items()
    }  # one that moved has another path
    for entry in content.get("programmes", ()):
        _programme(write, lists[ProgrammeIndexPage], entry)
    for kind, parent, name in (
        (NewsPage, NewsIndexPage, "news"),
        (StoryPage, StoryIndexPage, "stories"),
        (CasePage, CaseIndexPage, "cases"),
    ):
        for entry in content.get(name, ()):
            write.page(kind, lists[parent], entry["slug"], _article(entry, "date", "person_label", "field"))
    for entry in content.get("notices", ()):
        _notice(write, lists[NoticeIndexPage], entry)
    for entry in content.get("static", ()):
        write.page(StaticPage, home, entry["slug"], _article(entry))
    return HomePage.objects.get(pk=home.pk)


def _arrange(home: HomePage, lists: list[Page]) -> None:
    """Programmes first, then what others wrote (the courses), then the rest, in the order of the menu."""
    ours = {page.pk for page in lists}
    others = [page for page in home.get_children() if page.show_in_menus and page.pk not in ours]
    wanted = [page.pk for page in (*lists[:1], *others, *lists[1:])]
    now = [page.pk for page in home.get_children() if page.pk in set(wanted)]
    if now != wanted:
        for pk in wanted:
            Page.objects.get(pk=pk).move(HomePage.objects.get(pk=home.pk), pos="last-child")


def _home_fields(entry: Outline) -> dict[str, Any]:
    texts = {
        name: entry.get(name, "") for name in ("hero_title", "hero_title_en", "hero_text", "hero_text_en")
    }
    return {
        **texts,
        "promises": _stream("home/promises", (("promise", dict(one)) for one in entry["promises"])),
    }


def _programme(write: _Writer, parent: Page, entry: Outline) -> None:
    slug = entry["slug"]
    texts = {
        name: entry.get(name, "")
        for name in ("title", "title_en", "summary", "summary_en", "for_whom", "cover")
    }
    texts |= {name: entry.get(name, "") for name in ("for_whom_en", "how_it_runs", "how_it_runs_en")}
    texts |= {name: "\n".join(entry.get(name, ())) for name in ("aims", "aims_en")}
    parts = (("part", {"title": part["title"], "text": part["text"]}) for part in entry["curriculum"])
    asked = (("entry", {"question": one["q"], "answer": one["a"]}) for one in entry["faq"])
    texts |= {"curriculum": _stream(f"{slug}/part", parts), "faq": _stream(f"{slug}/faq", asked)}
    course_page = ProgrammeCourse._meta.get_field("course").related_model  # lms keeps its models to itself
    found = {course.code: course for course in course_page.objects.filter(code__in=entry.get("courses", ()))}
    wanted = [found[code] for code in entry.get("courses", ()) if code in found]
    page = write.page(ProgrammePage, parent, slug, texts)
    if [link.course_id for link in page.courses.all()] != [course.pk for course in wanted]:
        page.courses.set([ProgrammeCourse(course=course, sort_order=n) for n, course in enumerate(wanted)])
        write.publish(page)


def _notice(write: _Writer, parent: Page, entry: Outline) -> None:
    page = write.page(NoticePage, parent, entry["slug"], _article(entry, "date", "issuer"))
    there = set(page.attachments.values_list("title", flat=True))
    missing = [paper for paper in entry.get("attachments", ()) if paper["title"] not in there]
    for number, paper in enumerate(missing, start=len(there) + 1):
        document = get_document_model()(title=paper["title"], uploaded_by_user=write.actor)
        # With a byte order mark, so that every editor of text on Windows reads it as what it is.
        document.file = ContentFile(
            f"{paper['title']}\n\n{paper['text']}\n".encode("utf-8-sig"), f"{page.slug}-{number}.txt"
        )
        document.save()
        document.get_file_size()  # kept now, so that the first visitor need not wait for it
        document.get_file_hash()
        page.attachments.add(NoticeAttachment(document=document, title=paper["title"], sort_order=number))
    if missing:
        write.publish(page)


def _article(entry: Outline, *extra: str) -> dict[str, Any]:
    texts = {name: entry.get(name, "") for name in ("title", "title_en", "summary", "summary_en")}
    texts |= {name: entry[name] for name in extra if name in entry}
    blocks: list[tuple[str, Any]] = []
    for part in entry["body"]:
        if isinstance(part, str):
            blocks.append(("text", f"<p>{escape(part)}</p>"))
        else:
            blocks += [("heading", part["heading"]), ("text", f"<p>{escape(part['text'])}</p>")]
    return {**texts, "body": _stream(entry["slug"], blocks)}


def _stream(place: str, blocks: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The blocks as Wagtail keeps them, with ids made from their place, so that writing again changes nothing."""
    return [
        {"type": kind, "id": str(uuid5(NAMESPACE_URL, f"{place}/{number}")), "value": value}
        for number, (kind, value) in enumerate(blocks)
    ]


class _Writer:
    """Puts pages in their place, for one actor."""

    def __init__(self, actor: Asker | None) -> None:
        self.actor = actor

    def page(self, kind: type[P], parent: Page | None, slug: str, fields: Outline) -> P:
        """The page with this address below `parent` (None: there is only one of its kind), saying what `fields` say."""
        place = kind.objects.child_of(parent) if parent else kind.objects.all()
        page = place.filter(slug=slug).first()
        if page is None:
            page = kind(slug=slug, owner=self.actor, **fields)
            assert parent is not None
            parent.add_child(instance=page)
            self.publish(page)
        elif changed := {
            name: value for name, value in fields.items() if not _says(getattr(page, name), value)
        }:
            for name, value in changed.items():
                setattr(page, name, value)
            self.publish(page)
        return page

    def publish(self, page: Page) -> None:
        page.save_revision(user=self.actor).publish(user=self.actor)
        page.refresh_from_db()


def _says(now: Any, wanted: Any) -> bool:
    """Whether a field already holds the wanted value; streams are compared as they are kept."""
    return list(now.get_prep_value()) == wanted if isinstance(now, StreamValue) else bool(now == wanted)
