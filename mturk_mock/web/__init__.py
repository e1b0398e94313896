"""What Mechanical Turk answered at addresses other than the API's."""
