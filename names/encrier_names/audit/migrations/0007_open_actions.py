# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_lists_and_absences'),
    ]

    operations = [
        migrations.AlterField(
            model_name='access',
            name='action',
            field=models.CharField(max_length=32),
        ),
    ]
