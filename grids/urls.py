"""Pages of this room, mounted at /areas/."""

from django.urls import path

from grids.pages import area, browse, draw, staffing

app_name = "grids"
urlpatterns = [
    path("", browse.areas, name="areas"),
    path("staffing/", staffing.staffing, name="staffing"),
    path("staffing/export", staffing.staffing_export, name="staffing_export"),
    path("staffing/people", staffing.people_options, name="people_options"),
    path("staffing/<int:pk>/end", staffing.end, name="end_duty"),
    path("<str:code>/", area.area, name="area"),
    path("<str:code>/describe/", area.describe_area, name="describe"),
    path("<str:code>/draw/", draw.draw, name="draw"),
    path("<str:code>/border/", draw.border, name="border"),
    path("<str:code>/split/", draw.split_grid, name="split"),
    path("<str:code>/merge/", draw.merge_grids, name="merge"),
    path("<str:code>/retire/", draw.retire_grid, name="retire"),
    path("<str:code>/duties", staffing.assign_duty, name="assign"),
]
