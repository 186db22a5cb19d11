"""Keys are suspended and searched by name; pictures of signatures and seals are kept in the house."""

import dinh.kernel.ids
import django.db.models.deletion
from django.db import migrations, models

from dinh.kernel.text import search_text


def fill_search_text(apps, schema_editor):
    Key = apps.get_model("signing", "Key")
    rows = list(Key.objects.only("pk", "label"))
    for row in rows:
        row.search_text = search_text(row.label)
    Key.objects.bulk_update(rows, ["search_text"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0002_partial_uploads'),
        ('signing', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='key',
            name='search_text',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='key',
            name='suspended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='key',
            name='suspension_reason',
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(fill_search_text, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner_kind', models.TextField(choices=[('person', 'Cá nhân'), ('agency', 'Cơ quan'), ('desk', 'Bộ phận một cửa, hệ thống')])),
                ('owner_id', models.UUIDField()),
                ('put_by', models.TextField()),
                ('put_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.file')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('owner_kind', 'owner_id'), name='picture_one_in_use', violation_error_message='Mỗi chủ thể chỉ có một ảnh đang dùng.')],
            },
        ),
    ]
