"""Knowledge and answers become a recommendation."""
