"""This room's addresses below /api/v1/."""

from django.urls import path

from grids import api

urlpatterns = [
    path("areas", api.AreaList.as_view(), name="api_areas"),
    path("areas/tree", api.AreaTree.as_view(), name="api_areas_tree"),
    path("areas/locate", api.AreaLocate.as_view(), name="api_areas_locate"),
    path("areas/geojson", api.AreaGeoJson.as_view(), name="api_areas_geojson"),
    path("areas/<str:code>", api.AreaDetail.as_view(), name="api_area"),
]
