"""Have workers describe pictures in an S3 bucket, and store the descriptions in the bucket.

The pipeline has two steps that run separately:

* `publish` creates one HIT for each picture. Mechanical Turk sends a message to a queue when a HIT
  is done.
* `collect` reads the queue, fetches the answers, approves the work, writes `<picture>.json` into
  the bucket and deletes the HIT.
"""

import json
import xml.etree.ElementTree as ET

import boto3

REGION = "us-east-1"
LINK_LIFETIME = 86_400  # seconds, the lifetime of the HIT

QUESTION = """<HTMLQuestion
  xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd">
<HTMLContent><![CDATA[<!DOCTYPE html>
<html><body><form action="https://www.mturk.com/mturk/externalSubmit" method="post">
<img src="{url}" alt="the picture">
<p>What is in the picture? <textarea name="description" required></textarea></p>
<input type="submit">
</form></body></html>]]></HTMLContent>
<FrameHeight>0</FrameHeight>
</HTMLQuestion>"""


def publish(bucket, queue_url, assignments=2):
    """Publish a HIT for each picture, and return the HITIds by object key."""
    s3 = boto3.client("s3", region_name=REGION)
    mturk = boto3.client("mturk", region_name=REGION)
    hit_type_id = mturk.create_hit_type(
        Title="Describe a picture",
        Description="Look at one picture and say in a sentence what is in it.",
        Reward="0.10",
        AssignmentDurationInSeconds=600,
    )["HITTypeId"]
    mturk.update_notification_settings(
        HITTypeId=hit_type_id,
        Notification={
            "Destination": queue_url,
            "Transport": "SQS",
            "Version": "2006-05-05",
            "EventTypes": ["HITReviewable"],  # also sent after a HIT expires
        },
        Active=True,
    )
    return {
        picture: _publish_one(s3, mturk, bucket, picture, hit_type_id, assignments)
        for picture in _pictures(s3, bucket)
    }


def collect(bucket, queue_url):
    """Store the answers of each HIT in the queue, and return the object keys of the pictures."""
    s3 = boto3.client("s3", region_name=REGION)
    sqs = boto3.client("sqs", region_name=REGION)
    mturk = boto3.client("mturk", region_name=REGION)
    pictures = []
    while messages := sqs.receive_message(QueueUrl=queue_url).get("Messages"):
        for message in messages:
            for event in json.loads(message["Body"])["Events"]:
                pictures.append(_store(s3, mturk, bucket, event["HITId"]))
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return pictures


def _pictures(s3, bucket):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", ()):
            if found["Key"].endswith(".jpg"):
                yield found["Key"]


def _publish_one(s3, mturk, bucket, picture, hit_type_id, assignments):
    link = s3.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": picture}, ExpiresIn=LINK_LIFETIME
    )
    hit = mturk.create_hit_with_hit_type(
        HITTypeId=hit_type_id,
        Question=QUESTION.format(url=link.replace("&", "&amp;")),
        LifetimeInSeconds=LINK_LIFETIME,
        MaxAssignments=assignments,
        RequesterAnnotation=picture,
    )["HIT"]
    return hit["HITId"]


def _store(s3, mturk, bucket, hit_id):
    picture = mturk.get_hit(HITId=hit_id)["HIT"]["RequesterAnnotation"]
    descriptions = []
    for page in mturk.get_paginator("list_assignments_for_hit").paginate(HITId=hit_id):
        for assignment in page["Assignments"]:
            descriptions.append(_read_answer(assignment["Answer"]))
            if assignment["AssignmentStatus"] == "Submitted":
                mturk.approve_assignment(AssignmentId=assignment["AssignmentId"])
    s3.put_object(Bucket=bucket, Key=f"{picture}.json", Body=json.dumps(descriptions))
    mturk.delete_hit(HITId=hit_id)
    return picture


def _read_answer(document):
    for element in ET.fromstring(document).iter():
        if element.tag.endswith("}FreeText"):
            return element.text or ""
    return ""
