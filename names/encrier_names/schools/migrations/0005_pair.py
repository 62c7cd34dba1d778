# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0004_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='school',
            name='pair',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
