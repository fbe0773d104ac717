"""Pages of this room, mounted at /clocks/."""

from django.urls import path

from clocks import limits_page, pages

app_name = "clocks"
urlpatterns = [
    path("calculator/", pages.calculator, name="calculator"),
    path("limits/", limits_page.limits, name="limits"),
    path("limits/<str:code>/", limits_page.limit, name="limit"),
    path("calendars/", pages.calendars, name="calendars"),
    path("calendars/new/", pages.new_calendar, name="new_calendar"),
    path("calendars/notice-example.csv", pages.notice_example, name="notice_example"),
    path("calendars/<int:pk>/", pages.calendar, name="calendar"),
    path("calendars/<int:pk>/day/", pages.day, name="day"),
    path("calendars/<int:pk>/season/", pages.season, name="season"),
    path("calendars/<int:pk>/season/remove/", pages.season_removed, name="season_removed"),
    path("calendars/<int:pk>/day-end/", pages.day_end, name="day_end"),
    path("calendars/<int:pk>/import/", pages.import_notice, name="import_notice"),
]
