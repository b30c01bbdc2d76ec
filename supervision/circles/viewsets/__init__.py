from supervision.circles.viewsets.circles import CircleViewSet, GatheringViewSet
from supervision.circles.viewsets.late import LateGatheringViewSet
from supervision.circles.viewsets.reviews import CircleReviewViewSet

__all__ = ["CircleReviewViewSet", "CircleViewSet", "GatheringViewSet", "LateGatheringViewSet"]
