"""The pages of Mechanical Turk outside its current API, and the results file."""
