from credentials.verifying.queries.files import FileAnswer, Paper, judge_file, read_files_by
from credentials.verifying.queries.lists import Asked, answers_table, blank_list, read_list

__all__ = [
    "Asked",
    "FileAnswer",
    "Paper",
    "answers_table",
    "blank_list",
    "judge_file",
    "read_files_by",
    "read_list",
]
