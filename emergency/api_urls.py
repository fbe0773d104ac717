"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import path

from emergency import api, api_enrolments
from steps.api import addresses

urlpatterns = [
    path("emergency/modes/<str:area_code>", api.ModeView.as_view(), name="api_emergency_mode"),
    path("emergency/activations", api.ActivationList.as_view(), name="api_emergencies"),
    *addresses(
        "emergency/activations",
        "api_emergency",
        api.ACTIVATION_STEPS,
        detail=api.ActivationDetail,
        offers=api.ActivationOffers,
        timeline=api.ActivationTimeline,
    ),
    path("emergency/call-ups", api.CallUpList.as_view(), name="api_call_ups"),
    *addresses("emergency/call-ups", "api_call_up", api.CALL_UP_STEPS, detail=api.CallUpDetail),
    path("emergency/mine", api.OwnCalls.as_view(), name="api_own_calls"),
    *addresses("emergency/called", "api_called", api.CALLED_STEPS, detail=api.CalledDetail),
    path("emergency/enrolments", api_enrolments.EnrolmentList.as_view(), name="api_enrolments"),
    path(
        "emergency/enrolments/import",
        api_enrolments.EnrolmentImport.as_view(),
        name="api_enrolments_import",
    ),
    *addresses(
        "emergency/enrolments",
        "api_enrolment",
        api_enrolments.ENROLMENT_STEPS,
        detail=api_enrolments.EnrolmentDetail,
    ),
    path("emergency/paces", api.PaceList.as_view(), name="api_paces"),
    path("emergency/paces/<str:level>", api.PaceDetail.as_view(), name="api_pace"),
]
