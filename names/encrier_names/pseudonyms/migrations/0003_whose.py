# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pseudonyms', '0002_set_aside'),
    ]

    operations = [
        migrations.CreateModel(
            name='Whose',
            fields=[
                ('pupil', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('sitting', models.CharField(max_length=64, unique=True)),
                ('box', models.BinaryField()),
            ],
        ),
    ]
