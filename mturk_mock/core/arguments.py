"""Arguments of our own functions: what counts as a number, and errors that list the names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from numbers import Real
from typing import Any, TypeGuard, TypeVar, cast

from mturk_mock.core.spelling import close_to

MethodT = TypeVar("MethodT", bound=Callable[..., Any])


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a real number, such as those of numpy; True and False are not."""
    return isinstance(value, (int, float, Real)) and not isinstance(value, bool)


def listing_arguments(method: MethodT) -> MethodT:
    """Make a method list its arguments in the TypeError for unknown, missing or too many ones."""
    call = f"{method.__name__}()"
    _, *parameters = signature(method).parameters.values()  # without self
    names = [parameter.name for parameter in parameters]
    by_place = [each for each in parameters if each.kind is Parameter.POSITIONAL_OR_KEYWORD]
    required = [each.name for each in parameters if each.default is Parameter.empty]
    list_of_names = f"its arguments are {', '.join(names)}"

    @wraps(method)
    def check_and_call(self: Any, *given: Any, **named: Any) -> Any:
        if len(given) > len(by_place):
            what = repr(given[len(by_place)])
            raise TypeError(f"{call} takes {what} as a keyword argument only; {list_of_names}")
        for name in named:
            if name not in names:
                hint = close_to(name, names)
                raise TypeError(f"{call} has no argument {name!r}{hint}; {list_of_names}")
        by_name = names[len(given) :]
        if missing := [name for name in required if name in by_name and name not in named]:
            raise TypeError(f"{call} needs {missing[0]}; {list_of_names}")
        return method(self, *given, **named)

    return cast(MethodT, check_and_call)
