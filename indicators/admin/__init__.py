"""The secretariat's pages: the plan, what it measures, institutions and people."""

from django.contrib import admin
from django.contrib.auth.models import Group

from indicators.admin import measures, people, plan, shared

__all__ = ["measures", "people", "plan", "shared"]

admin.site.unregister(Group)  # what a person may do stands in her memberships
admin.site.site_url = "/"
