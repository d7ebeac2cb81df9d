"""The label of a credit estimate on a card; the same rule as sailplan's own, used when a site has no label."""

from decimal import ROUND_FLOOR, Decimal


def estimate_label(low, high, template="~{mid}/run", template_range=None):
    """`template` with {min}, {max} and {mid}; "" when both amounts are None.

    The midpoint is rounded half up: to a whole number when both amounts are whole, else to two decimals. No amount has
    trailing zeros: a DecimalField has 10.00, and the label 10.
    """
    low, high = (high if low is None else low), (low if high is None else high)
    if low is None:
        return ""
    is_one = Decimal(low) == Decimal(high)
    middle = low if is_one else _midpoint(Decimal(low), Decimal(high))
    words = {"min": _plain(low), "max": _plain(high), "mid": _plain(middle)}
    chosen = template if is_one or template_range is None else template_range
    for name, word in words.items():
        chosen = chosen.replace("{" + name + "}", word)
    return chosen


def _plain(amount):
    text = format(Decimal(amount), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _midpoint(low, high):
    is_whole = low == low.to_integral_value() and high == high.to_integral_value()
    unit = Decimal(1) if is_whole else Decimal("0.01")
    rounded = ((low + high) / 2 / unit + Decimal("0.5")).to_integral_value(ROUND_FLOOR) * unit
    return str(rounded.quantize(unit))
