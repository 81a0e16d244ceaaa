"""Who there is: the parties with dated names, their units, the arenas, and the people who act for them in a role."""
