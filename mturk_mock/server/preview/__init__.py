"""`mturk-mock preview`: a page as a worker sees it, while its author writes it."""
