"""Addresses of earlier figures."""

from django.urls import path

from reports.views import history

urlpatterns = [
    path("", history.history, name="history"),
    path("mappings/<int:pk>/forget/", history.history_forget, name="history_forget"),
    path("<int:pk>/", history.history_batch, name="history_batch"),
    path("<int:pk>/mapping.json", history.history_mapping, name="history_mapping"),
    path("<int:pk>/store/", history.history_store, name="history_store"),
    path("<int:pk>/discard/", history.history_discard, name="history_discard"),
    path("<int:pk>/undo/", history.history_undo, name="history_undo"),
]
