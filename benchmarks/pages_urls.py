"""The site's addresses and an empty page, which goes through the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.pages_server import EMPTY
from nap_monitor.urls import urlpatterns as site


def empty(request: HttpRequest) -> HttpResponse:
    """What any answer costs at least on this server."""
    return HttpResponse("")


urlpatterns = [path(EMPTY.lstrip("/"), empty), *site]
