"""Photos for findings: choosing the labels to show, finding their images, and creating thumbnails."""
