"""Addresses of the quarters."""

from django.urls import path

from reports.views import computed, consolidated, lights, quarters, workbooks

urlpatterns = [
    path("", quarters.quarters, name="quarters"),
    path("data/", consolidated.quarters_data, name="quarters_data"),
    path("exports/", consolidated.exports, name="exports"),
    path("exports/<uuid:key>/", consolidated.export, name="export"),
    path("exports/<uuid:key>/file", consolidated.export_file, name="export_file"),
    path("<int:pk>/", quarters.quarter, name="quarter"),
    path("<int:pk>/computed/<str:code>/", computed.computed, name="computed"),
    path("<int:pk>/lights/", lights.quarter_lights, name="quarter_lights"),
    path("<int:pk>/differences/", lights.quarter_differences, name="quarter_differences"),
    path("<int:pk>/workbook.xlsx", workbooks.quarter_workbook, name="quarter_workbook"),
]
