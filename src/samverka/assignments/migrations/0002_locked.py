"""Attested work is locked."""

from django.db import migrations

from samverka.assignments.locked import lock, unlock


def forwards(apps, schema_editor):
    """Triggers on every table of work."""
    lock(schema_editor.connection)


def backwards(apps, schema_editor):
    """And none."""
    unlock(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("assignments", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
