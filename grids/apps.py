"""Areas, boundaries, locating and staffing."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"

    def ready(self) -> None:
        from accounts.area_names import answered_by
        from grids.register import AreaRegister

        answered_by(AreaRegister())
