"""The mapping's own code."""


def main_benefit(page):
    return next((link.benefit for link in page.benefit_links.all() if link.is_main), None)
