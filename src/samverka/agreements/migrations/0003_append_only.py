"""Entered values, rulings and snapshots are never changed and never deleted."""

from django.db import migrations

from samverka.journal.append_only import protect, unprotect

TABLES = ("agreements_entered", "agreements_ruling", "agreements_snapshot")


def forwards(apps, schema_editor):
    """Triggers on what is entered, ruled and kept."""
    protect(schema_editor.connection, *TABLES)


def backwards(apps, schema_editor):
    """And none."""
    unprotect(schema_editor.connection, *TABLES)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunPython(forwards, backwards)]
