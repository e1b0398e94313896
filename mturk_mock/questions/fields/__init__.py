"""The fields of a QuestionForm: one module for each kind of answer, and the content shown."""
