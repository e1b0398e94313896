"""The fields of a QuestionForm: a module for each kind of answer, and one for content."""
