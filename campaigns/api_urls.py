"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import path

from campaigns import api, api_parts

urlpatterns = [
    path("campaigns", api.CampaignList.as_view(), name="api_campaigns"),
    path("campaigns/board", api.Board.as_view(), name="api_campaign_board"),
    path("campaigns/<str:number>", api.CampaignDetail.as_view(), name="api_campaign"),
    path("campaigns/<str:number>/steps", api.CampaignOffers.as_view(), name="api_campaign_steps"),
    path(
        "campaigns/<str:number>/timeline",
        api.CampaignTimeline.as_view(),
        name="api_campaign_timeline",
    ),
    path(
        "campaigns/<str:number>/targets/check",
        api.CheckList.as_view(),
        name="api_campaign_check_targets",
    ),
    path("campaigns/<str:number>/urge", api.Urge.as_view(), name="api_campaign_urge"),
    *[
        path(
            f"campaigns/<str:number>/steps/{code}", view.as_view(), name=f"api_campaign_step_{code}"
        )
        for code, view in api.STEPS.items()
    ],
    path("campaign-assignments", api_parts.AssignmentList.as_view(), name="api_assignments"),
    path(
        "campaign-assignments/<str:number>",
        api_parts.AssignmentDetail.as_view(),
        name="api_assignment",
    ),
    path(
        "campaign-assignments/<str:number>/steps",
        api_parts.AssignmentOffers.as_view(),
        name="api_assignment_steps",
    ),
    path(
        "campaign-assignments/<str:number>/timeline",
        api_parts.AssignmentTimeline.as_view(),
        name="api_assignment_timeline",
    ),
    *[
        path(
            f"campaign-assignments/<str:number>/steps/{code}",
            view.as_view(),
            name=f"api_assignment_step_{code}",
        )
        for code, view in api_parts.ASSIGNMENT_STEPS.items()
    ],
    path("campaign-targets", api_parts.TargetList.as_view(), name="api_targets"),
    path("campaign-targets/<str:number>", api_parts.TargetDetail.as_view(), name="api_target"),
    path(
        "campaign-targets/<str:number>/steps",
        api_parts.TargetOffers.as_view(),
        name="api_target_steps",
    ),
    *[
        path(
            f"campaign-targets/<str:number>/steps/{code}",
            view.as_view(),
            name=f"api_target_step_{code}",
        )
        for code, view in api_parts.TARGET_STEPS.items()
    ],
    path("campaign-zones/mine", api_parts.MyZones.as_view(), name="api_my_zones"),
]
