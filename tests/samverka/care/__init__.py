"""Who is responsible: asked, and kept as cases."""
