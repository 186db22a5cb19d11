import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="outboxmessage", name="outbox_due"),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                fields=["channel", "next_attempt_at"],
                name="outbox_due",
                condition=models.Q(("state", "waiting")),
            ),
        ),
        migrations.RemoveField(model_name="workerheartbeat", name="queue_worker_id"),
        migrations.AddField(
            model_name="auditseal",
            name="settled_id",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditseal",
            name="until_id",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="changes",
            field=models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
    ]
