from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import acts, own_data
        from lms.public import ask_supervisors_by
        from supervision.public import supervisor_accounts_of

        acts.register()
        own_data.register()
        ask_supervisors_by(supervisor_accounts_of)
