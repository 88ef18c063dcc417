"""How far two or more annotators, or an annotator and a model, labelled the same images alike."""
