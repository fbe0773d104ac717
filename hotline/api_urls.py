"""This room's addresses below /api/v1/."""

from django.urls import path

from hotline import api_suggesting as suggesting

urlpatterns = [
    path("hotline/suggestions/items", suggesting.ItemsView.as_view(), name="api_suggestions_items"),
    path("hotline/suggestions/units", suggesting.UnitsView.as_view(), name="api_suggestions_units"),
    path("hotline/trainings", suggesting.TrainingList.as_view(), name="api_trainings"),
    path("hotline/trainings/<int:pk>", suggesting.TrainingDetail.as_view(), name="api_training"),
]
