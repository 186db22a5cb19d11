"""Open work keeps from when it is near due; results that wait for their recipients let the desk's clock rest."""

from django.db import migrations, models

# Wall-clock time stands for working time until the clock is read again.
NEAR = """
    UPDATE onestop_workitem AS item
    SET near_at = item.due_at - least(interval '24 hours', interval '1 hour' * step.hours / 4)
    FROM onestop_steprun AS step WHERE step.id = item.step_id
"""

# Only steps of which nothing but their opening is noted: a parcel on its way rests already.
REST = """
    WITH resting AS (
        SELECT step.id, step.dossier_id, step.opened_at
        FROM onestop_steprun AS step
            JOIN onestop_dossier AS dossier ON dossier.id = step.dossier_id
        WHERE step.kind = 'return' AND step.state = 'open' AND dossier.return_way <> 'post'
            AND (SELECT count(*) FROM onestop_clockrecord AS noted WHERE noted.step_id = step.id) = 1
    ), noted AS (
        INSERT INTO onestop_clockrecord (dossier_id, step_id, kind, at, reason, unit)
        SELECT dossier_id, id, 'paused', opened_at, 'Kết quả đã sẵn sàng, chờ người nhận', '' FROM resting
    ), listed AS (
        UPDATE onestop_workitem SET is_waiting = true WHERE step_id IN (SELECT id FROM resting)
    )
    UPDATE onestop_steprun SET due_at = NULL WHERE id IN (SELECT id FROM resting)
"""


class Migration(migrations.Migration):
    dependencies = [("onestop", "0039_begun_again")]

    operations = [
        migrations.AddField("workitem", "near_at", models.DateTimeField(null=True)),
        migrations.RunSQL(NEAR, migrations.RunSQL.noop),
        migrations.AlterField("workitem", "near_at", models.DateTimeField()),
        migrations.RunSQL(REST, migrations.RunSQL.noop),
    ]
