"""Pages about signing in, people, organisations, posts and partner systems."""

from django.urls import URLPattern, path

from accounts.pages import own

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("sign-in/", own.sign_in, name="sign_in"),
    path("sign-out/", own.sign_out, name="sign_out"),
    path("password/", own.change_password, name="change_password"),
    path("acting/", own.act_under, name="act_under"),
]
