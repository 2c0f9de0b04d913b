"""Which entry changed more than what stands in one report: pages that are kept are known by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddField("head", "last_change", models.PositiveBigIntegerField(default=0))
    ]
