# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0003_closures'),
    ]

    operations = [
        migrations.AddField(
            model_name='staff',
            name='academy',
            field=models.CharField(default='', max_length=40),
        ),
        migrations.AlterField(
            model_name='staff',
            name='role',
            field=models.CharField(max_length=16),
        ),
    ]
