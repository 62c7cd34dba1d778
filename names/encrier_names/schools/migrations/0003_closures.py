# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0002_directory'),
    ]

    operations = [
        migrations.AddField(
            model_name='pupil',
            name='closure_box',
            field=models.BinaryField(null=True),
        ),
    ]
