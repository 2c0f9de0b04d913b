"""Addresses of the quarterly work; each side's in its own file."""

from django.urls import include, path

from reports.views.matrix import matrix

urlpatterns = [
    path("matrix/", matrix, name="matrix"),
    path("reports/", include("reports.urls.ministry")),
    path("review/", include("reports.urls.coalition")),
    path("quarters/", include("reports.urls.quarters")),
    path("history/", include("reports.urls.history")),
]
