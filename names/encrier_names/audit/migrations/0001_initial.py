# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('staff', models.UUIDField()),
                ('action', models.CharField(choices=[('class-results', 'Class Results'), ('pupil-results', 'Pupil Results'), ('pupil-sheet', 'Pupil Sheet'), ('code-sheet', 'Code Sheet'), ('validation', 'Validation'), ('import', 'Import')], max_length=32)),
                ('division', models.UUIDField(null=True)),
                ('pupil', models.UUIDField(null=True)),
                ('n_pupils', models.PositiveIntegerField()),
            ],
        ),
    ]
