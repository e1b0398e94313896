"""The errors of the service: one exception class, and the table of all errors.

A row has the code, the message, the type on the wire, the HTTP status and the evidence:
``[doc]`` (documented), ``[observed]`` (recorded from the real service) or ``[assumed]`` (the
simplest reading). Calling a row makes the exception::

    raise errors.HIT_DOES_NOT_EXIST(id=hit_id)
"""

from __future__ import annotations

from typing import Final, NamedTuple

from mturk_mock.core.quoting import shorten

REQUEST_ERROR: Final = "RequestError"
SERVICE_FAULT: Final = "ServiceFault"
PARAMETER_VALIDATION_ERROR: Final = "ParameterValidationError"
PARAMETER_COMBINATION_ERROR: Final = "InvalidParameterCombinationError"
VALIDATION_EXCEPTION: Final = "ValidationException"

#: The maximum number of characters of a value in a message.
_LONGEST_VALUE: Final = 5000

#: The types whose messages end with a timestamp: `` (1624047673908)`` in production,
#: `` (1567545210650 s)`` in the sandbox. [observed]
STAMPED: Final = frozenset(
    {REQUEST_ERROR, SERVICE_FAULT, PARAMETER_VALIDATION_ERROR, PARAMETER_COMBINATION_ERROR}
)


class MTurkError(Exception):
    """An error of Mechanical Turk, raised by the methods of simulated workers.

    API clients receive an error response instead, which botocore raises as
    ``client.exceptions.RequestError`` or another exception of the client.

    ``code``: the TurkErrorCode, e.g. ``AWS.MechanicalTurk.HITDoesNotExist``; for errors
    without one, the type on the wire, e.g. ``ValidationException``.
    ``message``: the service's message, without the timestamp at its end.
    """

    def __init__(self, row: Row, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.code = row.code or row.wire_type
        self.message = message
        self.parameter = parameter

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"

    def __repr__(self) -> str:
        return f"<MTurkError {self.code}: {self.message}>"


class MTurkWarning(UserWarning):
    """A warning that the real Mechanical Turk might behave differently from the mock."""


class Row(NamedTuple):
    """One error of the service; call it with the message's values to make the exception."""

    code: str | None
    message: str
    evidence: str
    wire_type: str = REQUEST_ERROR
    status: int = 400

    def __call__(self, *, parameter: str | None = None, **values: object) -> MTurkError:
        """Return the exception; `parameter` is the invalid member of the request, if any.

        Values of more than 5,000 characters are cut. [assumed]
        """
        shown = {name: shorten(str(value), _LONGEST_VALUE) for name, value in values.items()}
        return MTurkError(self, self.message.format(parameter=parameter, **shown), parameter)


# Missing objects ------------------------------------------------------------------------

HIT_DOES_NOT_EXIST = Row(
    "AWS.MechanicalTurk.HITDoesNotExist",
    "Hit {id} does not exist.",
    "[observed]",
)
ASSIGNMENT_DOES_NOT_EXIST = Row(
    "AWS.MechanicalTurk.AssignmentDoesNotExist",
    "Assignment {id} does not exist.",
    "[observed]",
)
QUALIFICATION_TYPE_DOES_NOT_EXIST = Row(
    "AWS.MechanicalTurk.QualificationTypeDoesNotExist",
    "QualificationType [{id}] does not exist.",
    "[observed] for CreateHIT",
)
QUALIFICATION_DOES_NOT_EXIST = Row(
    "AWS.MechanicalTurk.QualificationDoesNotExist",
    "You requested a Qualification that does not exist.",
    "[observed] for GetQualificationScore; [assumed] for the others",
)
QUALIFICATION_REQUEST_DOES_NOT_EXIST = Row(
    "AWS.MechanicalTurk.QualificationRequestDoesNotExist",
    "QualificationRequest {id} does not exist.",
    "[observed] code; [assumed] text",
)
HIT_LAYOUT_DOES_NOT_EXIST = Row(
    "AWS.MechanicalTurk.HITLayoutDoesNotExist",
    "HITLayout {id} does not exist.",
    "[assumed] text and type",
)

# Wrong state ----------------------------------------------------------------------------

INVALID_HIT_STATE = Row(
    "AWS.MechanicalTurk.InvalidHITState",
    "This HIT is currently in the state '{state}'.  "
    "This operation can be called with a status of: {allowed}",
    "[observed] for DeleteHIT; [assumed] for the others",
)
INVALID_ASSIGNMENT_STATE = Row(
    "AWS.MechanicalTurk.InvalidAssignmentState",
    "This operation can be called with a status of: {allowed}",
    "[observed]",
)
ASSIGNMENT_NOT_REVIEWABLE = Row(
    "AWS.MechanicalTurk.InvalidAssignmentState",
    "Assignment was in an invalid state for this operation.",
    "[observed] in a sample of review policies' actions only",
)
INVALID_QUALIFICATION_STATE = Row(
    "AWS.MechanicalTurk.InvalidQualificationState",
    "This operation can be called with a status of: {allowed}",
    "[observed] for GetQualificationScore; [assumed] for the others",
)
INVALID_QUALIFICATION_TYPE_STATE = Row(
    "AWS.MechanicalTurk.InvalidQualificationTypeState",
    "This operation can be called with a status of: {allowed}",
    "[observed] for DeleteQualificationType; [assumed] for the others",
)
INVALID_QUALIFICATION_REQUEST_STATE = Row(
    "AWS.MechanicalTurk.InvalidQualificationRequestState",
    "This operation can be called with a status of: {allowed}",
    "[observed] code; [assumed] text",
)
HIT_ALREADY_ACCEPTED = Row(
    "AWS.MechanicalTurk.InvalidHITState",
    "Hit {id} keeps its HIT type, because a worker has accepted it. UpdateHITTypeOfHIT can be "
    "called until the first worker accepts the HIT.",
    "[doc] the rule; [assumed] code and text",
)
HIT_TOO_NEW = Row(
    "AWS.MechanicalTurk.InvalidHITState",
    "Hit {id} was created just now and cannot be changed yet. Please try again later.",
    "[doc] the type; [assumed] code and text",
)
HIT_TOO_OLD_FOR_EXTENSION = Row(
    "AWS.MechanicalTurk.HITTooOldForExtension",
    "HIT {id} was created before July 22, 2015 and cannot be extended.",
    "[doc] code; [assumed] text",
)
INVALID_MAXIMUM_ASSIGNMENTS_INCREASE = Row(
    "AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease",
    "HIT {id} was created with fewer than 10 assignments and cannot be extended "
    "to have 10 or more assignments.",
    "[doc] code; [assumed] text",
)
TOO_MANY_WORKER_BLOCKS = Row(
    "AWS.MechanicalTurk.ExceedsMaxWorkerBlocks",
    "You have blocked {limit} Workers, which is the maximum. Unblock a Worker first.",
    "[doc] the limit; [assumed] type, code and text",
)

# Duplicates -----------------------------------------------------------------------------

HIT_ALREADY_EXISTS = Row(
    "AWS.MechanicalTurk.HitAlreadyExists",
    'The HIT with ID "{id}" already exists.',
    "[observed] text; [doc] code",
)
QUALIFICATION_TYPE_ALREADY_EXISTS = Row(
    "AWS.MechanicalTurk.QualificationTypeAlreadyExists",
    "You have already created a QualificationType with this name. A QualificationType's name "
    "must be unique among all of the QualificationTypes created by the same user.",
    "[observed]",
)
TOKEN_ALREADY_PROCESSED = Row(
    "AWS.MechanicalTurk.DuplicateRequest",
    'The idempotency token "{token}" has already been processed.',
    "[observed] text; [assumed] code",
)

# Money ----------------------------------------------------------------------------------

INSUFFICIENT_FUNDS = Row(
    "AWS.MechanicalTurk.InsufficientFunds",
    "This Requester has insufficient funds in their account to complete this transaction. "
    "Please visit https://requester.mturk.com/prepayments/new to purchase Prepaid HITs.",
    "[observed]",
)

# Values ---------------------------------------------------------------------------------

INVALID_PARAMETER_VALUE = Row(
    "AWS.MechanicalTurk.InvalidParameterValue",
    'The value "{value}" is not valid for the parameter {parameter}.',
    "[observed]",
    PARAMETER_VALIDATION_ERROR,
)
WORKER_ID_INVALID = Row(
    "AWS.MechanicalTurk.InvalidParameterValue",
    "WorkerId is invalid.",
    "[doc] text, for DeleteWorkerBlock; [assumed] code and type",
    PARAMETER_VALIDATION_ERROR,
)
TEST_NOT_VALID = Row(
    "AWS.MechanicalTurk.InvalidParameterValue",
    'The value "{value}" is not valid for the parameter Test. {reason}',
    "[assumed]: the observed error for a test, followed by the reason",
    PARAMETER_VALIDATION_ERROR,
)
PARAMETER_OUT_OF_RANGE = Row(
    "AWS.MechanicalTurk.InvalidParameterValue",
    "The value {value} is invalid for {parameter}. Valid values range from {low} to {high}.",
    "[observed] for ExpirationIncrementInSeconds; [assumed] for the others",
    PARAMETER_VALIDATION_ERROR,
)
PARAMETER_TOO_SHORT = Row(
    "AWS.MechanicalTurk.InvalidParameterValue",
    "Your request parameter {parameter}  has a minimum length of 1.",
    "[observed] for Question in the legacy API; [assumed] for the others",
    PARAMETER_VALIDATION_ERROR,
)
URL_NOT_HTTPS = Row(
    "AWS.MechanicalTurk.InvalidParameterValue",
    'The value "{value}" is not valid for the parameter {parameter}. '
    "This URL must use the HTTPS protocol..",
    "[observed]",
    PARAMETER_VALIDATION_ERROR,
)
XML_PARSE_ERROR = Row(
    "AWS.MechanicalTurk.XMLParseError",
    "There was an error parsing the XML question or answer data in your request.  "
    "Please make sure the data is well-formed and validates against the appropriate schema. "
    "Details: {details}",
    "[observed] text; [assumed] code, the legacy one",
    PARAMETER_VALIDATION_ERROR,
)
XHTML_PARSE_ERROR = Row(
    "AWS.MechanicalTurk.XHTMLParseError",
    "There was an error parsing the XHTML data in your request.  "
    "Please make sure the data is well-formed and validates against the appropriate schema. "
    "Details: {details}",
    "[observed] code; [assumed] text",
    PARAMETER_VALIDATION_ERROR,
)
HTML5_PARSE_ERROR = Row(
    "AWS.MechanicalTurk.XHTMLParseError",
    "There was an error parsing the HTML5 data in your request.  "
    "Please make sure the data is well-formed and validates as HTML5. "
    "Details: Errors: {problems} Invalid content: {content}",
    "[observed] text; [assumed] code",
    PARAMETER_VALIDATION_ERROR,
)
MISSING_PARAMETERS = Row(
    "AWS.MissingParameters",
    "Your request is missing required parameters. Required parameters include {parameter}.",
    "[observed] in the legacy API; [assumed] type",
    PARAMETER_VALIDATION_ERROR,
)
MISSING_LAYOUT_PARAMETERS = Row(
    "AWS.MissingParameters",
    "Your request is missing required parameters. Required parameters include HITLayoutParameter. "
    "You have not provided all required HITLayout parameters. Missing parameter names: {names}",
    "[observed] text, in the legacy API; [assumed] code and type",
    PARAMETER_VALIDATION_ERROR,
)
INVALID_PARAMETER_COMBINATION = Row(
    "AWS.MechanicalTurk.InvalidParameterValue",
    "The combination of parameters supplied to the request is invalid: {parameters}.",
    "[observed] for ActionsGuarded with RequiredToPreview; [assumed] code and other uses",
    PARAMETER_COMBINATION_ERROR,
)

INVALID_TRANSPORT_ENDPOINT = Row(
    "AWS.MechanicalTurk.InvalidTransportEndpoint",
    'The destination "{destination}" is not valid for the transport {transport}.',
    "[observed] code, in Amazon's legacy SDKs; [assumed] text",
)
TEST_EVENT_NOT_DELIVERED = Row(
    "AWS.MechanicalTurk.InvalidTransportEndpoint",
    "The test notification could not be delivered to {destination}: {reason}.",
    "[assumed] type, code and text",
)

# Faults of the service, which `mturk.fail` injects ---------------------------------------------

SERVICE_UNAVAILABLE = Row(
    "AWS.ServiceUnavailable",
    "There was an error with this request.",
    "[doc] type; [observed] code and text, in the legacy API; [assumed] status",
    SERVICE_FAULT,
    500,
)
THROTTLING = Row(
    None,
    "Rate exceeded",
    "[observed]",
    "ThrottlingException",
)

# The framework around the service: no TurkErrorCode, no timestamp in the message ----------------

VALIDATION = Row(
    None,
    "{count} validation error{s} detected: {problems}",
    "[observed] required and pattern; [assumed] enum, min and max",
    VALIDATION_EXCEPTION,
)
SERIALIZATION = Row(
    None,
    "{problem}",
    "[assumed]: what AWS's JSON services answer to a body of the wrong types",
    "SerializationException",
)
UNKNOWN_OPERATION = Row(
    None,
    "The requested operation {operation} is not known to Mechanical Turk.",
    "[assumed]: what AWS's JSON services answer",
    "UnknownOperationException",
)

# Credentials, with `mock_mturk(accounts=...)` -------------------------------------------------

UNRECOGNIZED_CLIENT = Row(
    None,
    "The security token included in the request is invalid.",
    "[assumed]: what AWS's JSON services answer to an unknown access key",
    "UnrecognizedClientException",
)
MISSING_AUTHENTICATION_TOKEN = Row(
    None,
    "Missing Authentication Token",
    "[assumed]: what AWS's JSON services answer to a request that is not signed",
    "MissingAuthenticationTokenException",
)

INVALID_SIGNATURE = Row(
    None,
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details.",
    "[assumed]: what AWS's JSON services answer to a wrong signature",
    "InvalidSignatureException",
)
SIGNATURE_EXPIRED = Row(
    None,
    "Signature expired: {signed} is now earlier than {earliest} ({now} - 5 min.)",
    "[assumed]: what AWS's JSON services answer to an old signature",
    "InvalidSignatureException",
)
SIGNATURE_NOT_YET_CURRENT = Row(
    None,
    "Signature not yet current: {signed} is still later than {latest} ({now} + 5 min.)",
    "[assumed]: what AWS's JSON services answer to a signature of a later time",
    "InvalidSignatureException",
)
INCOMPLETE_SIGNATURE = Row(
    None,
    "{problem}",
    "[assumed]: what AWS's JSON services answer to an incomplete Authorization header",
    "IncompleteSignatureException",
)

# HTTP, on a server --------------------------------------------------------------------------

UNKNOWN_REQUEST = Row(
    None,
    "{problem}",
    "[assumed]: what AWS's JSON services answer to other paths, methods and content types",
    "UnknownOperationException",
    404,
)
BODY_TOO_LONG = Row(
    None,
    "The body is longer than {limit} bytes.",
    "[assumed]: what AWS's JSON services answer to a long body",
    "RequestEntityTooLargeException",
    413,
)
PRODUCTION_REFUSED = Row(
    None,
    "{problem}",
    "[assumed]: the mock's own, for a server with only='sandbox'",
    "AccessDeniedException",
)
NOT_STORED = Row(
    None,
    "The state file cannot be written, so nothing is changed: {problem}. Try again later.",
    "[assumed]: the mock's own, for a server with a state file",
    "ServiceUnavailable",
    503,
)
INTERNAL_FAILURE = Row(
    None,
    "{problem}",
    "[assumed]: what AWS's JSON services answer if they fail",
    "InternalFailure",
    500,
)

# The query API of 2008 --------------------------------------------------------------------

LEGACY_OUT_OF_RANGE = Row(
    "AWS.ParameterOutOfRange",
    "The value {value} is invalid for {parameter}. Valid values range from {low} to {high}.",
    "[observed] code, legacy; [assumed] text, the later one",
)
LEGACY_NOT_AUTHORIZED = Row(
    "AWS.NotAuthorized",
    "The identity contained in the request is not authorized to use this AWSAccessKeyId",
    "[observed]",
)
LEGACY_API_IS_OVER = Row(
    "Forbidden",
    "This Requester API is no longer supported. Please use the latest API using the official "
    "AWS SDK. https://aws.amazon.com/getting-started/tools-sdks",
    "[observed]",
    "Forbidden",
    403,
)

# The worker's side: raised by the methods of workers, never sent to a requester -------------

NO_HITS_AVAILABLE = Row(
    "AWS.MechanicalTurk.NoHITsAvailableInGroupException",
    "There are no more available assignments of HIT {id}: it is {why}.",
    "[observed] code, legacy worker side; [assumed] text",
)
ASSIGNMENT_ALREADY_EXISTS = Row(
    "AWS.MechanicalTurk.AssignmentAlreadyExists",
    "Worker {worker} already has assignment {id} of HIT {hit}.",
    "[observed] code, legacy worker side; [assumed] text",
)
ASSIGNMENT_NOT_OPEN = Row(
    "AWS.MechanicalTurk.InvalidAssignmentState",
    "Assignment {id} is {status}. Only an Accepted assignment can be submitted or returned.",
    "[observed] code, on the requester's side; [assumed] text",
)
QUALIFICATION_TEST_NOT_OPEN = Row(
    "AWS.MechanicalTurk.InvalidQualificationRequestState",
    "QualificationRequest {id} is {status}. Only the test of an Open request can be submitted.",
    "[observed] code, on the requester's side; [assumed] text",
)
TOO_MANY_ASSIGNMENTS = Row(
    "AWS.MechanicalTurk.ExceedsMaxAssignmentsPerWorker",
    "Worker {worker} has {limit} open assignments already: "
    "submit or return one before accepting another.",
    "[observed] code, legacy worker side; [doc] the limit of 10, in 2008; [assumed] text",
)
DOES_NOT_MEET_REQUIREMENTS = Row(
    "AWS.MechanicalTurk.DoesNotMeetRequirements",
    "Worker {worker} does not meet the requirement of HIT {hit}: {problem}.",
    "[observed] code, legacy worker side; [assumed] text",
)
QUALIFICATION_TYPE_DOES_NOT_ALLOW_RETAKE = Row(
    "AWS.MechanicalTurk.QualificationTypeDoesNotAllowRetake",
    "QualificationType {id} can be requested only once.",
    "[observed] code, legacy worker side; [assumed] text",
)
QUALIFICATION_TYPE_RETRY_DELAY_NOT_ELAPSED = Row(
    "AWS.MechanicalTurk.QualificationTypeRetryDelayNotElapsed",
    "QualificationType {id} can be requested again {delay} seconds after the last request.",
    "[observed] code, legacy worker side; [assumed] text",
)
PERMISSION_DENIED = Row(
    "AWS.MechanicalTurk.PermissionDeniedException",
    "This user is not authorized to perform the requested operation.",
    "[observed] text and code; [assumed] for blocked workers and other requesters' types",
)

#: All rows by name.
TABLE: Final[dict[str, Row]] = {
    name: row for name, row in sorted(globals().items()) if isinstance(row, Row)
}
