"""The names that type checkers know of `mturk.fail`: all that it takes, and no others."""

from __future__ import annotations

from typing import get_args

import pytest
from botocore import xform_name

from mturk_mock import ERRORS
from mturk_mock.backend import service_model
from mturk_mock.mock.failure_names import ErrorName, OperationName

#: What botocore raises when nothing answers, by the names of the exceptions and by short ones.
TRANSPORT = {
    *("ConnectionError", "EndpointConnectionError", "ConnectionClosedError"),
    *("ReadTimeout", "ReadTimeoutError", "ConnectTimeout", "ConnectTimeoutError"),
}


def test_names_of_operations_are_those_of_the_model():
    """In both spellings, with ExtendHIT of 2008, each once."""
    names = [*service_model.load().operation_names, "ExtendHIT"]

    assert sorted(get_args(OperationName)) == sorted([*names, *map(xform_name, names)])


def test_names_of_errors_are_those_of_the_table():
    """Codes with and without their prefix, types of rows without a code, botocore's exceptions."""
    codes = {row.code for row in ERRORS.values() if row.code and row.code.startswith("AWS.")}
    short = {code.rpartition(".")[2] for code in codes}
    types = {row.wire_type for row in ERRORS.values() if row.code is None}

    expected = codes | short | types | {"ServiceFault"} | TRANSPORT
    assert sorted(get_args(ErrorName)) == sorted(expected)


@pytest.mark.parametrize("name", get_args(OperationName))
def test_fail_takes_every_name_of_an_operation(mturk, name):
    """It is the operation of that name."""
    found = mturk.fail(name).operation

    assert name in (found, xform_name(found))


@pytest.mark.parametrize("name", get_args(ErrorName))
def test_fail_takes_every_name_of_an_error(mturk, name):
    """Without message=."""
    assert mturk.fail(error=name).error == name
