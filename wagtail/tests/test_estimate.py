from decimal import Decimal

from django.test import SimpleTestCase

from wagtail_sailplan.estimate import estimate_label


class EstimateLabel(SimpleTestCase):
    def test_rule(self):
        for low, high, label in [
            (None, None, ""),
            (15, 15, "~15/run"),
            (15, None, "~15/run"),
            (None, 15, "~15/run"),
            (10, 20, "~15/run"),
            (10, 21, "~16/run"),
            (50, 5, "~28/run"),
            (Decimal("15.50"), Decimal("15.50"), "~15.5/run"),
            (Decimal("5.00"), Decimal("5.00"), "~5/run"),
            ("10", "20.50", "~15.25/run"),
            (Decimal("1.25"), Decimal("1.26"), "~1.26/run"),
        ]:
            with self.subTest(low=low, high=high):
                self.assertEqual(estimate_label(low, high), label)

    def test_templates(self):
        self.assertEqual(estimate_label(10, 20, "~{mid}", "{min}–{max}"), "10–20")
        self.assertEqual(estimate_label(10, 10, "~{mid}", "{min}–{max}"), "~10")
