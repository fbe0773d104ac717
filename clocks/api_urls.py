"""This room's addresses below /api/v1/."""

from django.urls import path

from clocks.api import DueView

urlpatterns = [path("clocks/due", DueView.as_view(), name="api_clocks_due")]
