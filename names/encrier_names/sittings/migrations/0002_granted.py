# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0001_initial'),
        ('sittings', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Granted',
            fields=[
                ('pupil', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='schools.pupil')),
                ('grant_box', models.BinaryField()),
            ],
        ),
    ]
