"""What the site does when pages change: it forgets the copies that it kept."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.navigation.actions import forget_site


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def forget_after_publishing(**facts: Any) -> None:
    forget_site()


@receiver([post_save, post_delete], sender=PageViewRestriction)
@receiver([post_save, post_delete], sender=Site)
def forget_after_restricting(**facts: Any) -> None:
    forget_site()
