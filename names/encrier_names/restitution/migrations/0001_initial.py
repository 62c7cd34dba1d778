# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='StoredDomain',
            fields=[
                ('rank', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('domain_box', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='StoredScore',
            fields=[
                ('order', models.CharField(max_length=8, primary_key=True, serialize=False)),
                ('row_box', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='TakenSheet',
            fields=[
                ('serial', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('sha256', models.BinaryField()),
                ('taken_at', models.DateTimeField()),
            ],
        ),
    ]
