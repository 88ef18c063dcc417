"""From the labels of a data set to figures with intervals, and from figures to answers."""
