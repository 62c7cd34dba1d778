# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('serial', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('n_rows', models.PositiveIntegerField()),
                ('box', models.BinaryField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
            ],
        ),
    ]
