# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('schools', '0004_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('staff', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='account', serialize=False, to='schools.staff')),
                ('person_box', models.BinaryField()),
                ('address_index', models.CharField(db_index=True, default='', max_length=64)),
                ('sessions_since', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('code_hash', models.CharField(max_length=64, unique=True)),
                ('by', models.UUIDField(null=True)),
                ('by_mail', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='schools.staff')),
            ],
        ),
        migrations.CreateModel(
            name='MailLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('browser_hash', models.CharField(max_length=64)),
                ('address_box', models.BinaryField(null=True)),
                ('own_computer', models.BooleanField(default=False)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='schools.staff')),
            ],
        ),
        migrations.CreateModel(
            name='OutsideIdentity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('who', models.CharField(max_length=64, unique=True)),
                ('linked_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='schools.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('credential', models.BinaryField()),
                ('credential_hash', models.CharField(max_length=64, unique=True)),
                ('public_key', models.BinaryField()),
                ('sign_count', models.PositiveBigIntegerField()),
                ('name_box', models.BinaryField()),
                ('added_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passkeys', to='schools.staff')),
            ],
        ),
    ]
