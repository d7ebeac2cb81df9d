import json
from pathlib import Path

from django.test import SimpleTestCase

from wagtail_sailplan import snake_case
from wagtail_sailplan.contract import load_contract

BUILT_IN = Path(__file__).resolve().parents[2] / "src/contract/gtm-v1.json"


class Contract(SimpleTestCase):
    def test_gtm_v1_is_sailplans_own(self):
        self.assertTrue(json.loads(BUILT_IN.read_text())["attributes"])
        self.assertEqual(load_contract(BUILT_IN).fields, load_contract().fields)

    def test_snake_case(self):
        for text, key in [("Data-Analyst", "data_analyst"), ("  a  b ", "a_b"), ("C++", "c"), ("été 2", "t_2")]:
            self.assertEqual(snake_case(text), key)
