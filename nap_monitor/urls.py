"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from django.views.i18n import set_language

from accounts.views import Login
from common.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    # It sets nothing but the language cookie; without a token public pages need no cookie at all.
    path("language/setlang/", csrf_exempt(set_language), name="set_language"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
    path("", include("publishing.urls")),
    path("favicon.ico", RedirectView.as_view(url="/static/icons/favicon.svg"), name="favicon"),
]
