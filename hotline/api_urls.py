"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import path

from hotline import api
from hotline import api_suggesting as suggesting
from steps.api import addresses

_ONE = "hotline/orders/<str:number>"

urlpatterns = [
    path("hotline/orders", api.OrderList.as_view(), name="api_hotline_orders"),
    *addresses(
        "hotline/orders",
        "api_hotline_order",
        api.STEP_VIEWS,
        detail=api.OrderDetail,
        offers=api.OrderOffers,
        timeline=api.OrderTimeline,
    ),
    path(f"{_ONE}/photos", api.OrderPhotoList.as_view(), name="api_hotline_order_photos"),
    path(
        f"{_ONE}/photos/<int:photo_id>/<str:size>",
        api.OrderPhotoFile.as_view(),
        name="api_hotline_order_photo",
    ),
    path("hotline/tiers", api.TierList.as_view(), name="api_hotline_tiers"),
    path("hotline/tiers/<slug:code>", api.TierDetail.as_view(), name="api_hotline_tier"),
    path("hotline/callers/history", api.CallerHistory.as_view(), name="api_hotline_callers"),
    path("hotline/calls/ringing", api.Ringing.as_view(), name="api_hotline_ringing"),
    path("hotline/calls/ended", api.CallEnded.as_view(), name="api_hotline_call_ended"),
    path("hotline/suggestions/items", suggesting.ItemsView.as_view(), name="api_suggestions_items"),
    path("hotline/suggestions/units", suggesting.UnitsView.as_view(), name="api_suggestions_units"),
    path("hotline/trainings", suggesting.TrainingList.as_view(), name="api_trainings"),
    path("hotline/trainings/<int:pk>", suggesting.TrainingDetail.as_view(), name="api_training"),
]
