"""Addresses that everybody may open, and the publishing of a quarter."""

from django.urls import path

from publishing.views import (
    action,
    compare,
    crosswalk,
    differences,
    editions,
    gaps,
    indicator,
    institution,
    lists,
    method,
    money,
    parts,
    plans,
    publish,
)

urlpatterns = [
    path("", plans.home, name="home"),
    path("method/", method.method, name="method"),
    path("plans/<slug:plan>/", plans.plan, name="plan"),
    path("plans/<slug:plan>/objectives/", plans.objectives, name="objectives"),
    path("plans/<slug:plan>/objectives/<str:code>/", parts.objective, name="objective"),
    path("plans/<slug:plan>/indicators/", lists.indicators, name="indicators"),
    path("plans/<slug:plan>/indicators/<str:code>/", indicator.indicator, name="indicator"),
    path("plans/<slug:plan>/actions/", lists.actions, name="actions"),
    path("plans/<slug:plan>/actions/<str:code>/", action.action, name="action"),
    path("plans/<slug:plan>/money/", money.money, name="money"),
    path("plans/<slug:plan>/institutions/", lists.institutions, name="institutions"),
    path("plans/<slug:plan>/institutions/<str:code>/", institution.institution, name="institution"),
    path("plans/<slug:plan>/crosswalk/", crosswalk.crosswalk, name="crosswalk"),
    path("plans/<slug:plan>/gaps/", gaps.gaps, name="gaps"),
    path("plans/<slug:plan>/differences/", differences.differences, name="differences"),
    path("plans/<slug:plan>/compare/", compare.compare, name="compare"),
    path("editions/", editions.editions, name="editions"),
    path("editions/<slug:address>/", editions.edition, name="edition"),
    path("editions/<slug:address>/workbook.xlsx", editions.workbook, name="edition_workbook"),
    path("editions/<slug:address>/data.csv", editions.data, name="edition_data"),
    path("editions/<slug:address>/snapshot.json", editions.snapshot, name="edition_snapshot"),
    path("publish/<int:pk>/", publish.publish, name="publish"),
]
