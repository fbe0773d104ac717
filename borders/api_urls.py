"""This room's addresses below /api/v1/: one for each step, so that the description says what each takes."""

from django.urls import URLPattern, path

from borders import api

_OF_ONE = ("", "_steps", "_timeline")
_BELOW = {"": "", "_steps": "/steps", "_timeline": "/timeline"}


def _of(where: str, name: str, reads: tuple[type, ...], steps: dict[str, type]) -> list[URLPattern]:
    """The addresses of one record of a kind."""
    one = f"{where}/<str:number>"
    found = [
        path(f"{one}{_BELOW[end]}", view.as_view(), name=f"{name}{end}")  # type: ignore[attr-defined]
        for end, view in zip(_OF_ONE, reads, strict=True)
    ]
    found += [
        path(f"{one}/steps/{code}", view.as_view(), name=f"{name}_step_{code}")  # type: ignore[attr-defined]
        for code, view in steps.items()
    ]
    return found


urlpatterns = [
    path("unowned-matters", api.MatterList.as_view(), name="api_matters"),
    path(
        "unowned-matters/<str:number>/rule-plainly",
        api.RulePlainly.as_view(),
        name="api_matter_rule_plainly",
    ),
    *_of("unowned-matters", "api_matter", api.MATTER_READS, dict(api.MATTER_STEPS)),
    path("enclaves", api.EnclaveList.as_view(), name="api_enclaves"),
    path("enclaves/progress", api.EnclaveProgress.as_view(), name="api_enclave_progress"),
    path("enclaves/import", api.EnclaveImport.as_view(), name="api_enclave_import"),
    *_of("enclaves", "api_enclave", api.ENCLAVE_READS, dict(api.ENCLAVE_STEPS)),
]
