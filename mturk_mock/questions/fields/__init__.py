"""The fields of a QuestionForm, one kind of field in each module."""
