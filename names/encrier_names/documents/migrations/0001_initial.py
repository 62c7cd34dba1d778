# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('schools', '0004_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Printing',
            fields=[
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='schools.school')),
                ('started_at', models.DateTimeField()),
                ('n_papers', models.PositiveIntegerField()),
                ('n_done', models.PositiveIntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
    ]
