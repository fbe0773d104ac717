"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import path

from emergency import api, api_enrolments

ACTIVATION, CALL_UP = "emergency/activations/<str:number>", "emergency/call-ups/<str:number>"
CALLED, ENROLMENT = "emergency/called/<str:number>", "emergency/enrolments/<str:number>"

urlpatterns = [
    path("emergency/modes/<str:area_code>", api.ModeView.as_view(), name="api_emergency_mode"),
    path("emergency/activations", api.ActivationList.as_view(), name="api_emergencies"),
    path(ACTIVATION, api.ActivationDetail.as_view(), name="api_emergency"),
    path(f"{ACTIVATION}/steps", api.ActivationOffers.as_view(), name="api_emergency_steps"),
    path(f"{ACTIVATION}/timeline", api.ActivationTimeline.as_view(), name="api_emergency_timeline"),
    *[
        path(f"{ACTIVATION}/steps/{code}", view.as_view(), name=f"api_emergency_step_{code}")
        for code, view in api.ACTIVATION_STEPS.items()
    ],
    path("emergency/call-ups", api.CallUpList.as_view(), name="api_call_ups"),
    path(CALL_UP, api.CallUpDetail.as_view(), name="api_call_up"),
    *[
        path(f"{CALL_UP}/steps/{code}", view.as_view(), name=f"api_call_up_step_{code}")
        for code, view in api.CALL_UP_STEPS.items()
    ],
    path("emergency/mine", api.OwnCalls.as_view(), name="api_own_calls"),
    path(CALLED, api.CalledDetail.as_view(), name="api_called"),
    *[
        path(f"{CALLED}/steps/{code}", view.as_view(), name=f"api_called_step_{code}")
        for code, view in api.CALLED_STEPS.items()
    ],
    path("emergency/enrolments", api_enrolments.EnrolmentList.as_view(), name="api_enrolments"),
    path(
        "emergency/enrolments/import",
        api_enrolments.EnrolmentImport.as_view(),
        name="api_enrolments_import",
    ),
    path(ENROLMENT, api_enrolments.EnrolmentDetail.as_view(), name="api_enrolment"),
    *[
        path(f"{ENROLMENT}/steps/{code}", view.as_view(), name=f"api_enrolment_step_{code}")
        for code, view in api_enrolments.ENROLMENT_STEPS.items()
    ],
    path("emergency/paces", api.PaceList.as_view(), name="api_paces"),
    path("emergency/paces/<str:level>", api.PaceDetail.as_view(), name="api_pace"),
]
