# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0005_imports_undone'),
    ]

    operations = [
        migrations.AlterField(
            model_name='access',
            name='action',
            field=models.CharField(choices=[('class-list', 'Class List'), ('class-progress', 'Class Progress'), ('class-results', 'Class Results'), ('pupil-results', 'Pupil Results'), ('pupil-sheet', 'Pupil Sheet'), ('pupil-identity', 'Pupil Identity'), ('pupil-added', 'Pupil Added'), ('pupil-corrected', 'Pupil Corrected'), ('pupil-removed', 'Pupil Removed'), ('pupil-moved', 'Pupil Moved'), ('pupil-closed', 'Pupil Closed'), ('pupil-reopened', 'Pupil Reopened'), ('list-reopened', 'List Reopened'), ('sitting-paused', 'Sitting Paused'), ('sitting-resumed', 'Sitting Resumed'), ('sitting-closed', 'Sitting Closed'), ('sitting-reopened', 'Sitting Reopened'), ('code-replaced', 'Code Replaced'), ('pupil-needs', 'Pupil Needs'), ('pupil-granted', 'Pupil Granted'), ('code-sheet', 'Code Sheet'), ('validation', 'Validation'), ('import', 'Import'), ('import-undone', 'Import Undone')], max_length=32),
        ),
    ]
