"""What every app stands on: settings, ids, who acts, lists, forms that are done once. It knows no app."""
