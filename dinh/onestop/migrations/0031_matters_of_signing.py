"""Open steps of signing say what their signature needs authority for."""

from django.db import migrations, models

# All results of the procedure: a condition on one of them is read when the next such step opens.
FILL = """
UPDATE onestop_workitem AS item SET matters = found.matters
FROM (
    SELECT dossier.id, string_agg(DISTINCT result ->> 'matter', ',') AS matters
    FROM onestop_dossier AS dossier
    JOIN onestop_procedureversion AS version ON version.id = dossier.version_id
    CROSS JOIN LATERAL jsonb_array_elements(
        jsonb_build_array(version.definition -> 'result')
        || coalesce(version.definition -> 'further_results', '[]'::jsonb)
    ) AS result
    WHERE dossier.id IN (SELECT dossier_id FROM onestop_workitem WHERE kind = 'sign')
    GROUP BY dossier.id
) AS found
WHERE item.kind = 'sign' AND item.dossier_id = found.id
"""


class Migration(migrations.Migration):
    dependencies = [("onestop", "0030_postings")]
    operations = [
        migrations.AddField("workitem", "matters", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
