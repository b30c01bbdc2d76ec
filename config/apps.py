from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import acts, own_data, waiting
        from lms.public import ask_supervisors_by
        from supervision.public import supervisor_accounts_of, waits_elsewhere_by

        acts.register()
        own_data.register()
        ask_supervisors_by(supervisor_accounts_of)
        waits_elsewhere_by(waiting.about_mentees)
