"""Agreement between two or more annotators, or between an annotator and a model, on the same images."""
