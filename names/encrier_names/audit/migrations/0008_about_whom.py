# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_open_actions'),
    ]

    operations = [
        migrations.AddField(
            model_name='access',
            name='about',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='access',
            index=models.Index(fields=['division', '-id'], name='access_of_division'),
        ),
        migrations.AddIndex(
            model_name='access',
            index=models.Index(fields=['pupil', '-id'], name='access_of_pupil'),
        ),
        migrations.AddIndex(
            model_name='access',
            index=models.Index(fields=['staff', '-id'], name='access_by_staff'),
        ),
    ]
