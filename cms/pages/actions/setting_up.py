"""Everything that an empty database needs before the first page is written. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.pages.models import HomePage, HonourRollPage, PublicNoticeIndexPage, ReviewTask
from core.organisations.actions import AUTHORS, EDITORS

SITE_NAME = "薪火"
COURSE_FILES = "课程资料"  # files of lessons: for those who are signed in
REVIEW = "页面审核"
AUTHOR_MAY = ("add_page", "change_page")
EDITOR_MAY = (*AUTHOR_MAY, "publish_page", "lock_page", "unlock_page")
FILES_MAY = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)
# What makes itself from the records, and has to be found on every site: kind, address, title, its English, introduction,
# its English. It stands in the foot of each page until an editor moves it into the main menu.
SELF_MADE: tuple[tuple[type[Page], str, str, str, str, str], ...] = (
    (
        PublicNoticeIndexPage,
        "gongshi",
        "公示",
        "Public notices",
        "补贴和评选结果在发放、授予之前，先在这里公示。对名单有异议，请在期限内提出。",
        "Subsidies and awards are shown here before they are granted. Whoever objects says so before the last day.",
    ),
    (
        HonourRollPage,
        "rongyubang",
        "荣誉榜",
        "Honour roll",
        "每一次评选中经公示无异议、获得称号的社工。",
        "The social workers who have won an award after a public notice to which no objection stood.",
    ),
)


@transaction.atomic
def set_up_site() -> HomePage:
    """The home page, the site, the two groups of writers and what each may do, the review before publishing, and the pages
    that make themselves.

    Run again it only puts back what is missing; pages, sites and permissions that people added stay. Wagtail's own
    welcome page, its group "Moderators" and its sample workflow are removed.
    """
    home = _home()
    editors, authors = (Group.objects.get_or_create(name=name)[0] for name in (EDITORS, AUTHORS))
    _remove_samples(home)
    _allow_pages(editors, home, EDITOR_MAY)
    _allow_pages(authors, home, AUTHOR_MAY)
    for group in (editors, authors):
        _allow_files(group)
    _review_by(editors, home)
    _keep_course_files()
    for kind, *facts in SELF_MADE:
        _keep_page(kind, home, *facts)
    return HomePage.objects.get(pk=home.pk)


def _home() -> HomePage:
    home = HomePage.objects.first()
    if home is None:
        root = Page.objects.get(depth=1)
        home = HomePage(title=SITE_NAME, title_en="Xinhuo", slug="xinhuo")
        root.add_child(instance=home)
        home.save_revision().publish()
    site = Site.objects.filter(is_default_site=True).first() or Site(
        hostname="localhost", is_default_site=True
    )
    address = urlsplit(settings.SITE_URL)
    hostname = address.hostname or "localhost"
    port = address.port or (443 if address.scheme == "https" else 80)
    if (site.root_page_id, site.hostname, site.port) != (home.pk, hostname, port):
        site.root_page, site.site_name, site.hostname, site.port = home, SITE_NAME, hostname, port
        site.save()
    return home


def _keep_page(
    kind: type[Page], home: HomePage, slug: str, title: str, title_en: str, intro: str, intro_en: str
) -> None:
    """A page of this kind below the home page, unless there is one anywhere: published or taken offline by an editor."""
    if kind.objects.exists():
        return
    home = HomePage.objects.get(pk=home.pk)  # as many children as it has now
    taken = set(home.get_children().values_list("slug", flat=True))
    names = chain([slug], (f"{slug}-{number}" for number in count(2)))
    free = next(each for each in names if each not in taken)
    texts = {"title": title, "title_en": title_en, "intro": intro, "intro_en": intro_en}
    page = kind(slug=free, show_in_menus=False, **texts)
    home.add_child(instance=page)
    page.save_revision().publish()


def _remove_samples(home: HomePage) -> None:
    """What Wagtail's migrations leave behind: a welcome page, rights on the root of the tree, a sample workflow."""
    for page in Page.objects.filter(depth=2, slug="home").exclude(pk=home.pk):
        if type(page.specific) is Page and not page.get_children().exists():
            page.delete()
    Group.objects.filter(name="Moderators").delete()
    GroupPagePermission.objects.filter(page__depth=1, group__name=EDITORS).delete()
    WorkflowPage.objects.filter(page__depth=1).delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    GroupApprovalTask.objects.filter(name="Moderators approval").delete()


def _allow_pages(group: Group, home: HomePage, codenames: Iterable[str]) -> None:
    permissions = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames)
    for permission in permissions:
        GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)


def _allow_files(group: Group) -> None:
    root = Collection.get_first_root_node()
    files = Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=FILES_MAY
    )
    for permission in files:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _review_by(editors: Group, home: HomePage) -> None:
    """Whoever may not publish submits for review, and any editor approves."""
    workflow, _ = Workflow.objects.get_or_create(name=REVIEW)
    task, made = ReviewTask.objects.get_or_create(name=REVIEW)
    if made:
        task.groups.add(editors)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    if not WorkflowPage.objects.filter(page=home).exists():
        WorkflowPage.objects.create(workflow=workflow, page=home)


def _keep_course_files() -> None:
    root = Collection.get_first_root_node()
    kept = Collection.objects.filter(name=COURSE_FILES).first() or root.add_child(name=COURSE_FILES)
    CollectionViewRestriction.objects.get_or_create(
        collection=kept, defaults={"restriction_type": CollectionViewRestriction.LOGIN}
    )
