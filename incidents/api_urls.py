"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import include, path

from incidents import api

urlpatterns = [
    path("", include("incidents.api_catalogue_urls")),
    path("incidents", api.IncidentList.as_view(), name="api_incidents"),
    path("incidents/<str:number>", api.IncidentDetail.as_view(), name="api_incident"),
    path("incidents/<str:number>/steps", api.IncidentOffers.as_view(), name="api_incident_steps"),
    path(
        "incidents/<str:number>/timeline",
        api.IncidentTimeline.as_view(),
        name="api_incident_timeline",
    ),
    path("incidents/<str:number>/photos", api.PhotoList.as_view(), name="api_incident_photos"),
    path(
        "incidents/<str:number>/photos/<int:photo_id>/<str:size>",
        api.PhotoFile.as_view(),
        name="api_incident_photo",
    ),
    *[
        path(f"incidents/<str:number>/steps/{code}", view.as_view(), name=f"api_step_{code}")
        for code, view in api.STEP_VIEWS.items()
    ],
]
