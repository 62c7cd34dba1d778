# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='school',
            name='academy',
            field=models.CharField(db_index=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='school',
            name='department',
            field=models.CharField(default='', max_length=40),
        ),
        migrations.AddField(
            model_name='school',
            name='is_public',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='school',
            name='kind',
            field=models.CharField(choices=[('ecole', 'École'), ('college', 'Collège'), ('lycee', 'Lycée')], default='', max_length=8),
        ),
        migrations.AddField(
            model_name='school',
            name='town',
            field=models.CharField(default='', max_length=80),
        ),
    ]
