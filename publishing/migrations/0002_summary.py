"""Each edition gets its summary: counted once from its snapshot, as publishing.summary does."""

import json
from collections import Counter

from django.db import migrations, models


def summary_of(data):
    told = {row["code"]: [] for row in data["indicators"]}
    for row in data["assessments"]:
        told[row["indicator"]].append(row["status"])
    due = [[s for s in statuses if s != "not_due"] for statuses in told.values()]
    now = Counter(statuses[-1] if statuses else "not_due" for statuses in due)
    seen = {*now, *(status for statuses in told.values() for status in statuses)}
    return {
        "counts": {status: now[status] for status in sorted(seen)},
        "thresholds": data["plan"]["thresholds"],
        "title": data["plan"]["title"],
    }


def fill(apps, schema_editor):
    editions = apps.get_model("publishing", "Edition").objects
    for pk in editions.order_by("pk").values_list("pk", flat=True):
        snapshot = editions.values_list("snapshot", flat=True).get(pk=pk)
        editions.filter(pk=pk).update(summary=summary_of(json.loads(snapshot)))


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='summary',
            field=models.JSONField(default=dict, editable=False, verbose_name='summary'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
