"""The XML documents of questions and answers: reading, checking and building them."""
