"""Addresses of the review."""

from django.urls import path

from reports.views import coalition

urlpatterns = [
    path("", coalition.review_queue, name="review_queue"),
    path("<int:pk>/", coalition.review, name="review"),
    path("<int:pk>/accept/", coalition.review_accept, name="review_accept"),
    path("<int:pk>/save/<slug:part>/", coalition.review_save, name="review_save"),
]
