"""The journal only grows."""

from django.db import migrations

from samverka.journal.append_only import TABLES, protect, unprotect


def forwards(apps, schema_editor):
    """Triggers on all of its tables."""
    protect(schema_editor.connection, *TABLES)


def backwards(apps, schema_editor):
    """And none."""
    unprotect(schema_editor.connection, *TABLES)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
