"""Pages of this room, mounted at /emergency/."""

from django.urls import path

from emergency.pages import activations, call_ups, enrolments, mine, paces

app_name = "emergency"
urlpatterns = [
    path("", activations.activations, name="list"),
    path("declare/", activations.declare_page, name="declare"),
    path("mine/", mine.mine, name="mine"),
    path("called/<str:number>/", mine.called, name="called"),
    path("called/<str:number>/steps/<str:code>/", mine.step, name="called_step"),
    path("call-ups/<str:number>/", call_ups.call_up, name="call_up"),
    path("call-ups/<str:number>/steps/<str:code>/", call_ups.step, name="call_up_step"),
    path("enrolled/", enrolments.enrolled, name="enrolled"),
    path("enrolled/new/", enrolments.new, name="enrol"),
    path("enrolled/import/", enrolments.import_table, name="import"),
    path("enrolled/import/template/", enrolments.empty_table, name="import_template"),
    path("enrolled/<str:number>/", enrolments.enrolment, name="enrolment"),
    path("enrolled/<str:number>/steps/<str:code>/", enrolments.step, name="enrolment_step"),
    path("times/", paces.paces_page, name="paces"),
    path("times/<str:level>/", paces.pace, name="pace"),
    path("<str:number>/", activations.activation, name="activation"),
    path("<str:number>/steps/<str:code>/", activations.step, name="activation_step"),
]
