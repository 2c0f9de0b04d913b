"""Addresses of the ministry's side."""

from django.urls import path

from reports.views import (
    decisions,
    evidence,
    exchange,
    exchange_out,
    filling,
    ministry,
    pasting,
    replies,
    workbooks,
)

urlpatterns = [
    path("", ministry.my_reports, name="my_reports"),
    path("work/", ministry.work, name="work"),
    path("<int:pk>/", ministry.report, name="report"),
    path("<int:pk>/workbook.xlsx", workbooks.report_workbook, name="report_workbook"),
    path("<int:pk>/sheet.xlsx", exchange_out.report_sheet, name="report_sheet"),
    path("<int:pk>/upload/", exchange.report_upload, name="report_upload"),
    path(
        "<int:pk>/upload/<int:upload>/",
        exchange.report_upload_preview,
        name="report_upload_preview",
    ),
    path(
        "<int:pk>/upload/<int:upload>/marked.xlsx",
        exchange.report_upload_marked,
        name="report_upload_marked",
    ),
    path(
        "<int:pk>/upload/<int:upload>/discard/",
        exchange.report_upload_discard,
        name="report_upload_discard",
    ),
    path("<int:pk>/remarks/<int:remark>/reply/", replies.remark_reply, name="remark_reply"),
    path("<int:pk>/lights/<int:line>/reply/", replies.light_reply, name="light_reply"),
    path("<int:pk>/content/", ministry.report_content, name="report_content"),
    path("<int:pk>/fill/", filling.report_start, name="report_start"),
    path("<int:pk>/fill/<slug:page>/", filling.report_fill, name="report_fill"),
    path("<int:pk>/save/<slug:part>/", filling.report_save, name="report_save"),
    path("<int:pk>/paste/<slug:part>/", pasting.report_paste, name="report_paste"),
    path("<int:pk>/decide/<str:action>/", decisions.report_decide, name="report_decide"),
    path("<int:pk>/evidence/", evidence.evidence_add, name="evidence_add"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("evidence/<int:pk>/remove/", evidence.evidence_remove, name="evidence_remove"),
]
