"""This room's addresses below /api/v1/."""

from django.urls import path

from clocks.api import DueView
from clocks.api_limits import LimitDetail, LimitList

urlpatterns = [
    path("clocks/due", DueView.as_view(), name="api_clocks_due"),
    path("clocks/limits", LimitList.as_view(), name="api_limits"),
    path("clocks/limits/<str:code>", LimitDetail.as_view(), name="api_limit"),
]
