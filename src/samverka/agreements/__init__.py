"""The agreement in the system: clauses, and the numbers and readings that the parties enter and approve."""
