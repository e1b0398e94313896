"""Tests of the script with unittest. Run them with `python -m unittest` or pytest."""

import contextlib
import io
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

import pay_bonuses

from mturk_mock import HTMLQuestion, mock_mturk

QUESTION = HTMLQuestion("<!DOCTYPE html><html><body><form><input name=a></form></body></html>")


@mock_mturk(seed=1, balance="10.00")  # each test starts with a copy of the state after setUpClass
class PayBonuses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = cls.mturk.client()
        hit = cls.client.create_hit(
            Title="A word",
            Description="Say a word",
            Reward="0.10",
            Question=str(QUESTION),
            LifetimeInSeconds=3600,
            AssignmentDurationInSeconds=600,
            MaxAssignments=3,
        )["HIT"]
        cls.work = [cls.mturk.worker().accept(hit["HITId"]).submit({"a": "word"}) for _ in range(3)]

    def rows(self, *amounts):
        return [
            {
                "worker_id": work.worker_id,
                "assignment_id": work.id,
                "amount": amount,
                "reason": "Good word",
            }
            for work, amount in zip(self.work, amounts, strict=False)
        ]

    def test_each_row_is_paid(self):
        paid, refused = pay_bonuses.pay(self.rows("0.50", "1.00"), self.client)

        self.assertEqual((paid, refused), (2, []))
        self.assertEqual([str(bonus.amount) for bonus in self.mturk.bonuses], ["0.50", "1.00"])
        self.assertEqual(self.mturk.spent.fees, Decimal("0.30"))

    def test_script_that_is_begun_again_pays_only_what_is_new(self):
        pay_bonuses.pay(self.rows("0.50"), self.client)

        paid, refused = pay_bonuses.pay(self.rows("0.50", "1.00"), self.client)

        self.assertEqual((paid, refused), (1, []))
        self.assertEqual(len(self.mturk.bonuses), 2)

    def test_who_cannot_be_paid_is_told_and_the_rest_goes_on(self):
        paid, refused = pay_bonuses.pay(self.rows("0.50", "99.00", "1.00"), self.client)

        self.assertEqual(paid, 2)
        [(row, reason)] = refused
        self.assertEqual(row["worker_id"], self.work[1].worker_id)
        self.assertIn("This Requester has insufficient funds", reason)

    def test_main_reads_the_file_and_reports(self):
        with (
            tempfile.TemporaryDirectory() as folder,
            contextlib.redirect_stdout(io.StringIO()) as output,
        ):
            path = Path(folder, "bonuses.csv")
            row = self.rows("0.50")[0]
            path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")

            self.assertEqual(pay_bonuses.main(path), 0)

        self.assertEqual(output.getvalue(), "1 paid, 0 refused\n")


if __name__ == "__main__":
    unittest.main()
