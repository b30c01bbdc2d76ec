"""Posts and sectors in the Wagtail admin: planned and filled places (planning, staffing), who holds them and routes
(giving), the list of sectors (sectors)."""

from credentials.posts.viewsets.planning import PostViewSet
from credentials.posts.viewsets.sectors import SectorViewSet

__all__ = ["PostViewSet", "SectorViewSet"]
