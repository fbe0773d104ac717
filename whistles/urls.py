"""Pages of this room, mounted at /whistles/."""

from django.urls import path

from whistles.pages import figures, lists, new, personnel, types, whistle

app_name = "whistles"
urlpatterns = [
    path("", lists.whistles, name="list"),
    path("called/", lists.called, name="called"),
    path("map/", lists.whistle_map, name="map"),
    path("new/", new.new, name="new"),
    path("figures/", figures.whistle_figures, name="figures"),
    path("types/", types.types, name="types"),
    path("types/<slug:code>/", types.type_edit, name="type"),
    path("personnel/", personnel.suggestions, name="suggestions"),
    path("personnel/new/", personnel.suggestion_new, name="suggestion_new"),
    path("personnel/<int:pk>/", personnel.suggestion, name="suggestion"),
    path(
        "personnel/<int:pk>/steps/<slug:code>/", personnel.suggestion_step, name="suggestion_step"
    ),
    path("<str:number>/", whistle.whistle, name="whistle"),
    path("<str:number>/come/", whistle.come, name="come"),
    path("<str:number>/steps/<str:code>/", whistle.step, name="step"),
]
