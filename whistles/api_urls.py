"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import path

from whistles import api, api_personnel

urlpatterns = [
    path("whistles", api.WhistleList.as_view(), name="api_whistles"),
    path("whistles/types", api.TypeList.as_view(), name="api_whistle_types"),
    path("whistles/types/<slug:code>", api.TypeDetail.as_view(), name="api_whistle_type"),
    path("whistles/figures", api.WhistleFigures.as_view(), name="api_whistle_figures"),
    path("whistles/<str:number>", api.WhistleDetail.as_view(), name="api_whistle"),
    path("whistles/<str:number>/steps", api.WhistleOffers.as_view(), name="api_whistle_steps"),
    path(
        "whistles/<str:number>/timeline", api.WhistleTimeline.as_view(), name="api_whistle_timeline"
    ),
    *[
        path(f"whistles/<str:number>/steps/{code}", view.as_view(), name=f"api_whistle_step_{code}")
        for code, view in api.STEP_VIEWS.items()
    ],
    path("personnel-suggestions", api_personnel.SuggestionList.as_view(), name="api_suggestions"),
    path(
        "personnel-suggestions/<int:pk>",
        api_personnel.SuggestionDetail.as_view(),
        name="api_suggestion",
    ),
    *[
        path(
            f"personnel-suggestions/<int:pk>/steps/{code}",
            view.as_view(),
            name=f"api_suggestion_step_{code}",
        )
        for code, view in api_personnel.suggestion_step_views().items()
    ],
]
