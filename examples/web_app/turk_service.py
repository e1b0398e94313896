"""Functions for the views of a web application, with one client that is created at import."""

import boto3
import turk_settings

client = boto3.client(
    "mturk",
    region_name="us-east-1",
    endpoint_url=turk_settings.MTURK_ENDPOINT,
    aws_access_key_id=turk_settings.MTURK_ACCESS_KEY,
    aws_secret_access_key=turk_settings.MTURK_SECRET_KEY,
)

QUESTION = """<ExternalQuestion
  xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/ExternalQuestion.xsd">
<ExternalURL>https://app.example/reports/{report}/review</ExternalURL><FrameHeight>600</FrameHeight>
</ExternalQuestion>"""


def ask_for_review(report):
    """Publish a HIT that asks a worker to review a report, and return its HITId."""
    return client.create_hit(
        Title="Review a report",
        Description="Read one page and say whether it is complete.",
        Reward="0.40",
        Question=QUESTION.format(report=report),
        LifetimeInSeconds=86_400,
        AssignmentDurationInSeconds=1800,
        RequesterAnnotation=str(report),
        UniqueRequestToken=f"review-{report}",
    )["HIT"]["HITId"]


def reviews_of(hit_id):
    """Return the answer documents by worker ID."""
    pages = client.get_paginator("list_assignments_for_hit").paginate(HITId=hit_id)
    return {work["WorkerId"]: work["Answer"] for page in pages for work in page["Assignments"]}
