from supervision.sessions.viewsets.late import LateRecordViewSet
from supervision.sessions.viewsets.reviews import ReviewViewSet
from supervision.sessions.viewsets.sessions import SessionViewSet

__all__ = ["LateRecordViewSet", "ReviewViewSet", "SessionViewSet"]
