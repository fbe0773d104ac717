"""Pages of this room, mounted at /borders/."""

from django.urls import path

from borders.pages import enclaves, matters

app_name = "borders"
urlpatterns = [
    path("matters/", matters.matters, name="matters"),
    path("matters/new/", matters.new, name="matter_new"),
    path("matters/items/", matters.item_options, name="item_options"),
    path("matters/<str:number>/", matters.matter, name="matter"),
    path("matters/<str:number>/rule/", matters.rule_at_once, name="matter_rule"),
    path("matters/<str:number>/steps/<str:code>/", matters.matter_step, name="matter_step"),
    path("enclaves/", enclaves.enclaves, name="enclaves"),
    path("enclaves/map/", enclaves.enclave_map, name="enclave_map"),
    path("enclaves/progress/", enclaves.enclave_progress, name="enclave_progress"),
    path("enclaves/new/", enclaves.new, name="enclave_new"),
    path("enclaves/import/", enclaves.enclave_import, name="enclave_import"),
    path("enclaves/<str:number>/", enclaves.enclave, name="enclave"),
    path("enclaves/<str:number>/steps/<str:code>/", enclaves.enclave_step, name="enclave_step"),
]
