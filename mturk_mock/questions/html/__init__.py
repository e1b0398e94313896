"""HTML pages: a scanner that reads them as browsers do, their errors, and their forms."""
