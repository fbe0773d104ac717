"""Pages about signing in, people, organisations, posts and partner systems."""

from django.urls import URLPattern, path

from accounts.pages import (
    clients,
    lockouts,
    options,
    organisations,
    own,
    people,
    posts,
    reveal,
    workbook,
)

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("sign-in/", own.sign_in, name="sign_in"),
    path("sign-out/", own.sign_out, name="sign_out"),
    path("password/", own.change_password, name="change_password"),
    path("acting/", own.act_under, name="act_under"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/tree/", organisations.organisation_tree, name="organisation_tree"),
    path("organisations/new/", organisations.organisation_new, name="organisation_new"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path(
        "organisations/<int:pk>/switch/",
        organisations.organisation_switch,
        name="organisation_switch",
    ),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/password/", people.person_password, name="person_password"),
    path("people/<int:pk>/switch/", people.person_switch, name="person_switch"),
    path("people/<int:pk>/posts/new/", posts.post_new, name="post_new"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:pk>/end/", posts.post_end, name="post_end"),
    path("clients/", clients.clients, name="clients"),
    path("clients/new/", clients.client_new, name="client_new"),
    path("clients/<int:pk>/", clients.client, name="client"),
    path("clients/<int:pk>/secret/", clients.client_secret, name="client_secret"),
    path("clients/<int:pk>/switch/", clients.client_switch, name="client_switch"),
    path("people/export/", workbook.export_of_people, name="people_export"),
    path(
        "organisations/export/",
        workbook.export_of_organisations,
        name="organisations_export",
    ),
    path("import/", workbook.upload, name="import"),
    path("import/template.xlsx", workbook.empty_template, name="import_template"),
    path("import/<uuid:pk>/", workbook.report, name="import_report"),
    path("import/<uuid:pk>/confirm/", workbook.confirm, name="import_confirm"),
    path("import/<uuid:pk>/report.xlsx", workbook.report_file, name="import_report_file"),
    path("lockouts/", lockouts.lockouts, name="lockouts"),
    path("lockouts/release/", lockouts.lockout_release, name="lockout_release"),
    path("options/organisations/", options.organisation_options, name="organisation_options"),
    path("options/areas/", options.area_options, name="area_options"),
    path("personal/<str:kind>/<str:ident>/", reveal.personal_data, name="personal_data"),
]
