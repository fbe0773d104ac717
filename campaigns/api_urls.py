"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import path

from campaigns import api, api_parts
from steps.api import addresses

urlpatterns = [
    path("campaigns", api.CampaignList.as_view(), name="api_campaigns"),
    path("campaigns/board", api.Board.as_view(), name="api_campaign_board"),
    path(
        "campaigns/<str:number>/targets/check",
        api.CheckList.as_view(),
        name="api_campaign_check_targets",
    ),
    path("campaigns/<str:number>/urge", api.Urge.as_view(), name="api_campaign_urge"),
    *addresses(
        "campaigns",
        "api_campaign",
        api.STEPS,
        detail=api.CampaignDetail,
        offers=api.CampaignOffers,
        timeline=api.CampaignTimeline,
    ),
    path("campaign-assignments", api_parts.AssignmentList.as_view(), name="api_assignments"),
    *addresses(
        "campaign-assignments",
        "api_assignment",
        api_parts.ASSIGNMENT_STEPS,
        detail=api_parts.AssignmentDetail,
        offers=api_parts.AssignmentOffers,
        timeline=api_parts.AssignmentTimeline,
    ),
    path("campaign-targets", api_parts.TargetList.as_view(), name="api_targets"),
    *addresses(
        "campaign-targets",
        "api_target",
        api_parts.TARGET_STEPS,
        detail=api_parts.TargetDetail,
        offers=api_parts.TargetOffers,
    ),
    path("campaign-zones/mine", api_parts.MyZones.as_view(), name="api_my_zones"),
]
