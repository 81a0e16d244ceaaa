"""Migrations of the app care."""
