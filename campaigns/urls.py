"""Pages of this room, mounted at /campaigns/."""

from django.urls import path

from campaigns.pages import boards, mine, records, targets

app_name = "campaigns"
urlpatterns = [
    path("", boards.running, name="board"),
    path("all/", boards.campaigns, name="list"),
    path("new/", boards.new, name="new"),
    path("mine/", mine.my_zones, name="mine"),
    path("assignments/<str:number>/", records.assignment, name="assignment"),
    path(
        "assignments/<str:number>/steps/<str:code>/",
        records.assignment_step,
        name="assignment_step",
    ),
    path("targets/<str:number>/", targets.target, name="target"),
    path("targets/<str:number>/steps/<str:code>/", targets.target_step, name="target_step"),
    path("<str:number>/", records.campaign, name="campaign"),
    path("<str:number>/urge/", boards.urge, name="urge"),
    path("<str:number>/targets/", targets.targets, name="targets"),
    path("<str:number>/targets/add/", targets.add, name="add_targets"),
    path("<str:number>/steps/<str:code>/", records.campaign_step, name="campaign_step"),
]
