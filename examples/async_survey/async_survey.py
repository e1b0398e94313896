"""Run several surveys at once with asyncio.

boto3's calls block, so they run in threads. Each survey is a task that polls for its answers.
"""

import asyncio

import boto3

QUESTION = """<ExternalQuestion
  xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/ExternalQuestion.xsd">
<ExternalURL>{url}</ExternalURL><FrameHeight>600</FrameHeight>
</ExternalQuestion>"""


def make_client():
    """Return the client that all surveys share. boto3 clients are thread-safe."""
    return boto3.client("mturk", region_name="us-east-1")


async def run_survey(client, url, people, pause):
    """Publish a survey, wait until `people` workers have answered, and return the answers.

    `pause`: a coroutine function that waits before the next poll.
    """
    created = await asyncio.to_thread(
        client.create_hit,
        Title="A survey",
        Description="Ten questions",
        Reward="1.00",
        Question=QUESTION.format(url=url),
        LifetimeInSeconds=86_400,
        AssignmentDurationInSeconds=3600,
        MaxAssignments=people,
    )
    hit_id = created["HIT"]["HITId"]
    while True:
        await pause()
        found = await asyncio.to_thread(client.list_assignments_for_hit, HITId=hit_id)
        if found["NumResults"] == people:
            return [work["Answer"] for work in found["Assignments"]]


async def run_surveys(client, urls, people, pause):
    """Run a survey for each URL, all at once, and return the answers by URL."""
    results = await asyncio.gather(*(run_survey(client, url, people, pause) for url in urls))
    return dict(zip(urls, results, strict=True))
