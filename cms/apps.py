from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"

    def ready(self) -> None:
        from cms import receivers  # noqa: F401 - listens
        from cms.dashboards.queries.person import records_of
        from core.people.queries import add_records

        add_records(records_of)
