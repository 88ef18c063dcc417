"""Compare the rules with the choices of experts."""
