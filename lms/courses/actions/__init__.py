from lms.courses.actions.publishing import NotPublishable, publish_version, release
from lms.courses.actions.writing import write_course

__all__ = ["NotPublishable", "publish_version", "release", "write_course"]
