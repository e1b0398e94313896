"""Nothing is sent to a host of Mechanical Turk while a mock is active."""

from __future__ import annotations

import pytest
import requests
import urllib3
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from mturk_mock import BlockedCallError, mock_mturk
from tests.clients import Sent

OURS = "https://www.mturk.com/mturk/externalSubmit"

#: On hosts of the service, where the mock has no page.
REFUSED = [
    "https://www.mturk.com/",
    "https://www.mturk.com/mturk/externalSubmit/",
    "https://www.mturk.com//mturk/externalSubmit",
    "https://www.mturk.com/mturk//externalSubmit",
    "https://www.mturk.com/mturk%2FexternalSubmit",
    "https://www.mturk.com:8443/mturk/externalSubmit",
    "https://www.mturk.com./mturk/preview?groupId=3X",
    "https://WWW.MTURK.COM/mturk/preview",
    "https://mturk.com/mturk/externalSubmit",
    "https://requester.mturk.com/",
    "https://workersandbox.mturk.com/projects",
    "http://mechanicalturk.amazonaws.com/onca/xml/",
    "http://mechanicalturk.amazonaws.com/onca/soap",
    "http://mechanicalturk.amazonaws.com./AWSMechanicalTurkDataSchemas/2005-10-01/QuestionForm.xsd",
    "https://mechanicalturk.sandbox.amazonaws.com//",
    "https://mturk-requester.us-east-1.amazonaws.com/",
    "https://mturk-requester-sandbox.us-east-1.amazonaws.com./x",
    "https://mturk-file-upload.invalid/x",
]


@pytest.mark.parametrize("url", REFUSED)
def test_request_for_another_page_of_the_service_is_refused(sent, mturk, url):
    """A page that the mock does not have is refused; the error lists its pages."""
    with pytest.raises(BlockedCallError, match=r"is on a host of Mechanical Turk, .*/onca/xml"):
        requests.get(url)
    assert sent == []


def test_request_for_another_page_by_a_proxy_is_refused(sent, mturk):
    """A request through a proxy is refused too."""
    with pytest.raises(BlockedCallError):
        requests.get("http://www.mturk.com/x", proxies={"http": "http://proxy.example"})
    assert sent == []


def test_request_by_urllib3_is_refused(sent, mturk):
    """A request by urllib3 is refused."""
    with pytest.raises(BlockedCallError):
        urllib3.PoolManager().request("GET", OURS)
    assert sent == []


def test_request_by_botocore_s_http_session_is_refused(wire, mturk):
    """A request that a program signs and sends itself is refused."""
    request = AWSRequest("POST", "https://mturk-requester.us-east-1.amazonaws.com/").prepare()
    with pytest.raises(BlockedCallError):
        URLLib3Session().send(request)
    assert wire == []


def test_request_for_another_page_after_the_mock_is_sent(sent):
    with mock_mturk():
        pass
    with pytest.raises(Sent):
        requests.get("https://www.mturk.com/")
    assert sent == ["www.mturk.com"]


@pytest.mark.parametrize("url", [OURS, "https://www.mturk.com/"])
def test_request_that_the_end_of_the_mock_overtakes_is_refused(sent, url):
    """A request is refused if the mock ends before it is sent."""
    mock = mock_mturk()

    class Slow(requests.auth.AuthBase):
        def __call__(self, request):
            mock.stop()
            return request

    mock.start()
    with pytest.raises(BlockedCallError):
        requests.get(url, auth=Slow())
    assert sent == []


def test_urllib3_asked_for_another_host_sends(monkeypatch):
    """Requests by urllib3 to other hosts are sent."""
    sent = []
    pool = urllib3.connectionpool.HTTPConnectionPool
    monkeypatch.setattr(pool, "urlopen", lambda pool, method, url: sent.append((pool.host, url)))
    with mock_mturk():
        urllib3.HTTPConnectionPool("other.example").urlopen("GET", "/page")

    assert sent == [("other.example", "/page")]


def test_botocore_asked_for_another_host_sends(monkeypatch):
    """Requests by botocore to other hosts are sent."""
    sent = []
    monkeypatch.setattr(URLLib3Session, "send", lambda session, request: sent.append(request.url))
    with mock_mturk():
        URLLib3Session().send(AWSRequest("GET", "https://other.example/page").prepare())

    assert sent == ["https://other.example/page"]
