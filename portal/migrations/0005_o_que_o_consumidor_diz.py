"""Webhooks are told what the consumer says of a hearing, and of a request that was denied."""

from django.db import migrations

from portal.migrations import _webhooks


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0004_webhooks'),
    ]

    operations = [
        migrations.RunSQL(_webhooks.EVENTS, migrations.RunSQL.noop),
    ]
