"""Addresses of the quarters."""

from django.urls import path

from reports.views import consolidated, quarters, workbooks

urlpatterns = [
    path("", quarters.quarters, name="quarters"),
    path("data/", consolidated.quarters_data, name="quarters_data"),
    path("<int:pk>/", quarters.quarter, name="quarter"),
    path("<int:pk>/workbook.xlsx", workbooks.quarter_workbook, name="quarter_workbook"),
]
