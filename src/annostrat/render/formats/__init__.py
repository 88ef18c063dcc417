"""Room: one output format a file, each a pure function from results to text."""
