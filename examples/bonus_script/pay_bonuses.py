"""Pay bonuses from a CSV file: worker_id, assignment_id, amount, reason.

    python pay_bonuses.py bonuses.csv

If the script fails, run it again: it pays no row twice, because each row has its own request token,
a hash of the row.
"""

import csv
import hashlib
import sys

import boto3
from botocore.exceptions import ClientError


def read_rows(path):
    """Return the rows of the file."""
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pay(rows, client):
    """Pay each row. Return the number of bonuses paid, and the rejected rows with the reasons."""
    paid, refused = 0, []
    for row in rows:
        try:
            client.send_bonus(
                WorkerId=row["worker_id"],
                AssignmentId=row["assignment_id"],
                BonusAmount=row["amount"],
                Reason=row["reason"],
                UniqueRequestToken=_token(row),
            )
        except ClientError as error:
            if error.response.get("TurkErrorCode") != "AWS.MechanicalTurk.DuplicateRequest":
                refused.append((row, error.response["Error"]["Message"]))
        else:
            paid += 1
    return paid, refused


def _token(row):
    return hashlib.sha256("\0".join(row.values()).encode()).hexdigest()[:64]


def main(path):
    """Pay the bonuses in the file, print a summary, and return the exit status."""
    client = boto3.client("mturk", region_name="us-east-1")
    paid, refused = pay(read_rows(path), client)
    print(f"{paid} paid, {len(refused)} refused")
    for row, reason in refused:
        print(f"{row['worker_id']}: {reason}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
