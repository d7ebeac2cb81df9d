"""The mapping's own code."""

from wagtail_sailplan import snake_case


def term_key(term):
    return snake_case(term.handle)


def has_trial(page):
    return page.free_until is not None
