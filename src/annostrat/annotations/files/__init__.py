"""Which files a data set has, and of which format they are."""
