"""Pages of this room, mounted at /hotline/."""

from django.urls import path

from hotline.pages import training

app_name = "hotline"
urlpatterns = [
    path("trainings/", training.trainings, name="trainings"),
    path("trainings/start/", training.start, name="training_start"),
    path("trainings/<int:pk>/", training.training, name="training"),
]
