"""Who there is and who may do what: parties, people, arenas, the ways in."""
