"""Addresses of the pages of cases, mounted at /cases/."""

from django.urls import include, path

from incidents.pages import bulk, case, desks, field, search
from incidents.pages import map as maps

app_name = "incidents"

urlpatterns = [
    path("", search.search, name="search"),
    path("inbox/", desks.inbox, name="inbox"),
    path("inbox/dispatch/", bulk.bulk_dispatch, name="bulk_dispatch"),
    path("todo/", desks.todo, name="todo"),
    path("field/", field.home, name="field_home"),
    path("report/", field.report, name="report"),
    path("report/items/", field.items, name="items"),
    path("report/duplicates/", field.duplicates, name="duplicates"),
    path("map/", maps.open_map, name="map"),
    path("map/points/", maps.points, name="points"),
    path("photos/<int:photo_id>/<str:size>/", case.photo, name="photo"),
    path("", include("incidents.urls_catalogue")),
    path("<str:number>/", case.case, name="case"),
    path("<str:number>/steps/<str:code>/", case.step, name="step"),
]
