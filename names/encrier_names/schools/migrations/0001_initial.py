# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import encrier_names.schools.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=40)),
                ('number', models.PositiveBigIntegerField(default=encrier_names.schools.models.draw_number, unique=True)),
                ('validated_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('uai', models.CharField(max_length=8, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('number', models.PositiveBigIntegerField(default=encrier_names.schools.models.draw_number, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Pupil',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('level', models.CharField(max_length=8)),
                ('identity_box', models.BinaryField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pupils', to='schools.division')),
            ],
        ),
        migrations.AddField(
            model_name='division',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='divisions', to='schools.school'),
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('teacher', 'Professeur'), ('head', 'Chef d’établissement'), ('ministry', 'Agent du ministère')], max_length=16)),
                ('divisions', models.ManyToManyField(related_name='teachers', to='schools.division')),
                ('school', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='schools.school')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='division',
            constraint=models.UniqueConstraint(fields=('school', 'label'), name='one_division_a_label'),
        ),
    ]
