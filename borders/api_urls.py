"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import path

from borders import api
from steps.api import addresses

urlpatterns = [
    path("unowned-matters", api.MatterList.as_view(), name="api_matters"),
    path(
        "unowned-matters/<str:number>/rule-plainly",
        api.RulePlainly.as_view(),
        name="api_matter_rule_plainly",
    ),
    *addresses(
        "unowned-matters",
        "api_matter",
        api.MATTER_STEPS,
        detail=api.MatterDetail,
        offers=api.MatterOffers,
        timeline=api.MatterTimeline,
    ),
    path("enclaves", api.EnclaveList.as_view(), name="api_enclaves"),
    path("enclaves/progress", api.EnclaveProgress.as_view(), name="api_enclave_progress"),
    path("enclaves/import", api.EnclaveImport.as_view(), name="api_enclave_import"),
    *addresses(
        "enclaves",
        "api_enclave",
        api.ENCLAVE_STEPS,
        detail=api.EnclaveDetail,
        offers=api.EnclaveOffers,
        timeline=api.EnclaveTimeline,
    ),
]
