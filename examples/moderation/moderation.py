"""Have workers moderate comments; some comments have known verdicts, to check the workers."""

import random

QUESTION = """<HTMLQuestion
  xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd">
<HTMLContent><![CDATA[<!DOCTYPE html>
<html><body><form action="https://www.mturk.com/mturk/externalSubmit" method="post">
<p>{comment}</p>
<label><input type="radio" name="verdict" value="keep" required>Keep</label>
<label><input type="radio" name="verdict" value="remove">Remove</label>
<input type="submit">
</form></body></html>]]></HTMLContent>
<FrameHeight>0</FrameHeight>
</HTMLQuestion>"""

HIT_TYPE = {
    "Title": "Moderate a comment",
    "Description": "Read one comment and say whether it should be removed.",
    "Reward": "0.02",
    "AssignmentDurationInSeconds": 120,
}


def publish(client, comments, known, share=0.25):
    """Publish a HIT for each comment and for some known comments, in random order.

    `known`: comments whose verdict is known. `share`: number of known comments per comment.
    Returns the HITIds in the order of publication.
    """
    batch = [(comment, "comment") for comment in comments]
    drawn = random.sample(sorted(known), round(len(comments) * share))
    batch += [(comment, "known") for comment in drawn]
    random.shuffle(batch)
    hit_type_id = client.create_hit_type(**HIT_TYPE)["HITTypeId"]
    return [
        client.create_hit_with_hit_type(
            HITTypeId=hit_type_id,
            Question=QUESTION.format(comment=comment),
            LifetimeInSeconds=3600,
            RequesterAnnotation=kind,
        )["HIT"]["HITId"]
        for comment, kind in batch
    ]
