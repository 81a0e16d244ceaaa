"""Who is responsible for a person's care: asked without signing in, or kept as a pseudonymous case between parties."""
