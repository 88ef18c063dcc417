"""Room: one labelling tool, or kind of file, a module; each holds a `PLUGIN`."""
