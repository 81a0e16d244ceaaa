"""The executable agreement, module by module."""
