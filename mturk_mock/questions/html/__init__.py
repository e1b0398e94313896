"""Pages of HTML: reading them as browsers do, what is wrong with them, and their forms."""
