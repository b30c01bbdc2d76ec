"""Posts and sectors in the Wagtail admin: planned and filled places, who holds them, routes."""

from credentials.posts.viewsets.posts import PostViewSet
from credentials.posts.viewsets.sectors import SectorViewSet

__all__ = ["PostViewSet", "SectorViewSet"]
