import dinh.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField(choices=[('units', 'Đơn vị'), ('positions', 'Chức vụ'), ('people', 'Cán bộ')])),
                ('state', models.TextField(choices=[('reading', 'Đang kiểm tra'), ('preview', 'Chờ xác nhận'), ('running', 'Đang ghi'), ('done', 'Đã ghi'), ('dropped', 'Đã bỏ')], default='reading')),
                ('file_name', models.TextField()),
                ('sha256', models.TextField()),
                ('made_by_account', models.TextField(blank=True)),
                ('made_by_position', models.UUIDField(null=True)),
                ('made_by_person', models.UUIDField(null=True)),
                ('made_by', models.TextField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AlterField(
            model_name='person',
            name='sort_key',
            field=models.TextField(db_collation='C', editable=False),
        ),
        migrations.AlterField(
            model_name='unit',
            name='sort_key',
            field=models.TextField(db_collation='C', editable=False),
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('values', models.JSONField()),
                ('outcome', models.TextField(choices=[('create', 'Thêm mới'), ('change', 'Thay đổi'), ('same', 'Không đổi'), ('refused', 'Từ chối')])),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('applied_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='directory.importbatch')),
            ],
            options={
                'ordering': ['batch', 'number'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='import_row_number')],
            },
        ),
        migrations.CreateModel(
            name='PlannedChange',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('verb', models.TextField()),
                ('arguments', models.JSONField(default=dict)),
                ('on', models.DateField()),
                ('basis', models.TextField(blank=True)),
                ('state', models.TextField(choices=[('planned', 'Chờ đến ngày'), ('done', 'Đã thực hiện'), ('failed', 'Không thực hiện được'), ('cancelled', 'Đã hủy')], default='planned')),
                ('failure', models.TextField(blank=True)),
                ('planned_by', models.TextField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_changes', to='directory.unit')),
            ],
            options={
                'ordering': ['on', 'id'],
                'indexes': [models.Index(condition=models.Q(('state', 'planned')), fields=['on'], name='planned_due')],
            },
        ),
    ]
