"""Orders from above on open cases (督办), replies to them, cards for what was missed, and the supervisor's page."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self) -> None:
        from incidents.panels import register
        from supervision.partners import open_orders_to_partners
        from supervision.reading import orders_panel

        register(orders_panel)
        open_orders_to_partners()
