"""Pages of this room, mounted at /supervision/."""

from django.http import HttpResponse
from django.urls import path

app_name = "supervision"
urlpatterns = [
    path("orders/<int:pk>/", lambda r, pk: HttpResponse(), name="order"),
    path("cards/<int:pk>/", lambda r, pk: HttpResponse(), name="card"),
]
