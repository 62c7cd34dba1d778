# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Pull',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SeenProgress',
            fields=[
                ('sid', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=10)),
                ('percent', models.PositiveSmallIntegerField()),
                ('unsent', models.PositiveIntegerField()),
                ('last_minute', models.PositiveBigIntegerField(null=True)),
            ],
        ),
    ]
