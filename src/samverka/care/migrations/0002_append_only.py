"""History, access log and what controllers found only grow."""

from django.db import migrations

from samverka.journal.append_only import protect, unprotect

TABLES = ("care_move", "care_accessentry", "care_sampled", "care_verdict")


def forwards(apps, schema_editor):
    """Triggers on each of them."""
    protect(schema_editor.connection, *TABLES)


def backwards(apps, schema_editor):
    """And none."""
    unprotect(schema_editor.connection, *TABLES)


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunPython(forwards, backwards)]
