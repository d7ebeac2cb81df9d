"""Checks a plan's folder and its archive from docs/plan-format.md alone; nothing but Python's own library.

    python3 verify.py plans/<id> [plans/archive/<target>.jsonl]

Prints one line a check, and ends with 1 if something does not hold.
"""

import base64
import hashlib
import json
import re
import sys
import unicodedata
from pathlib import Path

KINDS = ["attribute", "assignment", "value", "translation", "product"]
HIDDEN = re.compile(
    "[\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def units(text):
    """Sorts as RFC 8785 does: by UTF-16 code units."""
    return text.encode("utf-16-be", "surrogatepass")


def number(value):
    """ECMAScript's form, of the numbers that stand in plans: no exponents."""
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if value.is_integer() else repr(value)


def quote(text):
    return json.dumps(text, ensure_ascii=False)


def escaped(text):
    def escape(found):
        raw = units(found.group())
        return "".join(f"\\u{raw[at]:02x}{raw[at + 1]:02x}" for at in range(0, len(raw), 2))

    return HIDDEN.sub(escape, text)


def shown(text):
    return escaped(quote(text))


def canonical(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(f"{quote(name)}:{canonical(value[name])}" for name in sorted(value, key=units)) + "}"


def digest(value):
    return sha256(canonical(value).encode())


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# Printed form, rules 2 to 5: a printer takes a value and the depth of the line that it begins on.


def line(value, depth):
    return escaped(canonical(value))


def items(printer=line):
    def print_list(value, depth):
        if not value:
            return "[]"
        rows = ",\n".join("  " * (depth + 1) + printer(one, depth + 1) for one in value)
        return f"[\n{rows}\n{'  ' * depth}]"

    return print_list


def block(printers, order=None):
    def print_object(value, depth):
        if not value:
            return "{}"
        names = order if order else sorted(value, key=units)
        rows = ",\n".join(
            f"{'  ' * (depth + 1)}{shown(name)}: {printers(name)(value[name], depth + 1)}" for name in names
        )
        return f"{{\n{rows}\n{'  ' * depth}}}"

    return print_object


EACH_ON_A_LINE = block(lambda name: line)
CHANGE = block(
    lambda name: items() if name == "patch" else line,
    ["ref", "action", "reason", "before", "after", "patch", "needs", "ids", "provenance"],
)
ATTRIBUTE = block(lambda name: EACH_ON_A_LINE if name == "values" else line)
PRINTERS = {
    "hazards": items(),
    "skipped": items(),
    "control_plane": items(),
    "diagnostics": items(),
    "changes": items(CHANGE),
    "contract": block(lambda name: items() if name in ("attributes", "metadata") else line),
    "desired": block(
        lambda name: block(lambda _: items())
        if name == "taxonomies"
        else block(lambda inner: EACH_ON_A_LINE if inner == "documents" else line)
        if name == "reverts"
        else items()
    ),
    "actual": block(
        lambda name: line
        if name in ("permissions", "locales")
        else block(lambda _: ATTRIBUTE)
        if name == "attributes"
        else EACH_ON_A_LINE
    ),
    "rest": block(lambda name: EACH_ON_A_LINE if name == "values" else line),
}
ORDER = (
    "format_version target source options summary errored completeness hazards skipped diagnostics changes contract"
    " registry control_plane desired actual rest"
).split()


def printed(plan):
    return block(lambda name: PRINTERS.get(name, line), [name for name in ORDER if name in plan])(plan, 0) + "\n"


def patched(document, patch):
    """RFC 6902, the operations that stand in plans; raises where a test fails or a path does not lead anywhere."""
    document = json.loads(json.dumps(document))
    for operation in patch:
        op, path = operation["op"], operation["path"]
        value = operation.get("value")
        if path == "":
            if op == "test":
                assert canonical(document) == canonical(value), "test fails"
            else:
                document = value
            continue
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
        place = document
        for part in parents:
            place = place[part]
        if op == "test":
            assert canonical(place[last]) == canonical(value), f"test fails at {path}"
        elif op == "remove":
            del place[last]
        else:
            assert op == "add" or last in place, f"nothing to replace at {path}"
            place[last] = value
    return document


def kind(change):
    return change["ref"].split(".")[0]


def summary(plan):
    def counts(changes):
        return {action: sum(one["action"] == action for one in changes) for action in ("create", "update", "delete")}

    by_kind = {name: counts([one for one in plan["changes"] if kind(one) == name]) for name in KINDS}
    return {**counts(plan["changes"]), "skipped": len(plan["skipped"]), "by_kind": by_kind}


def is_set(value):
    return value not in (None, {})


def members(document):
    for attribute, value in document["attributes"].items():
        for member in [value] if isinstance(value, str) else value if isinstance(value, dict) else []:
            yield f"value.{attribute}.{member}"


def named(plan, product):
    """The product's document with values named as the terms name them (naming `key`; "Refs and documents")."""
    document = {"attributes": {}, "metadata": product["document"]["metadata"]}
    for rule in plan["contract"]["attributes"]:
        slug, value = rule["slug"], product["document"]["attributes"].get(rule["slug"])
        known = member_names(plan, rule)
        if rule["input_type"] == "MULTISELECT":
            value = {known.get(one, one): True for one in value or {}}
        elif rule["input_type"] == "DROPDOWN" and value is not None:
            value = known.get(value, value)
        document["attributes"][slug] = value
    return document


def member_names(plan, rule):
    values = plan["actual"]["attributes"].get(rule["slug"], {}).get("values", {})
    keys = sorted({term["key"] for term in plan["desired"]["taxonomies"].get(rule.get("taxonomy"), [])}, key=units)
    names = {key: key for key in keys if key in values}
    by_reference = {value["reference"]: slug for slug, value in values.items()}
    for candidate in (lambda key: key.replace("_", "-"), lambda key: by_reference.get(f"{rule['slug']}.{key}")):
        for key in keys:
            slug = candidate(key)
            if key not in names.values() and slug in values and slug not in names:
                names[slug] = key
    return names


def hazards(plan):
    found, removed, changed = set(), set(), {}
    for change in plan["changes"]:
        ref, before, after, action = change["ref"], change["before"], change["after"], change["action"]
        codes = []
        if kind(change) == "attribute":
            codes = ["creates_attribute"]
        elif kind(change) == "assignment" and action == "delete":
            codes = ["unassigns_attribute"]
        elif kind(change) == "translation" and action == "create":
            codes = ["creates_translation"]
        elif kind(change) == "value" and action == "delete":
            values = plan["actual"]["attributes"][ref.split(".")[1]]["values"].values()
            users = next((one.get("users", 0) for one in values if one["id"] == change["ids"]["value"]), 0)
            codes = ["cannot_be_undone"] + (["deletes_used_value"] if users > 0 else [])
        elif kind(change) == "value" and action == "update":
            codes = ["adopts_value"] if change["reason"] == "adopted" else []
            held = before.get("external_reference")
            codes += ["replaces_reference"] if held is not None and held != after.get("external_reference") else []
            codes += ["renames_value"] if before.get("name") != after.get("name") else []
            codes += ["slug_changes"] if before.get("slug") != after.get("slug") else []
        elif kind(change) == "product":
            changed[ref] = after
            removed |= set(members(before)) - set(members(after))
            if any(is_set(value) and not is_set(after["attributes"][name]) for name, value in before["attributes"].items()):
                codes.append("clears_attribute")
            if set(before["metadata"]) - set(after["metadata"]):
                codes.append("deletes_metadata")
            was, is_now = (one["metadata"].get("cp_offering_id") for one in (before, after))
            if was is not None and is_now is not None and was != is_now:
                codes.append("changes_offering_id")
        found |= {(code, ref) for code in codes}
    for slug, product in plan["actual"]["products"].items():
        removed -= set(members(changed.get(f"product.{slug}") or named(plan, product)))
    rest = plan.get("rest", {"products": 0, "values": {}})
    removed -= {f"value.{attribute}.{slug}" for attribute, slugs in rest["values"].items() for slug in slugs}
    found |= {("removes_last_member", ref) for ref in removed}
    if len(changed) >= 10 and len(changed) > 0.3 * (len(plan["actual"]["products"]) + rest["products"]):
        found.add(("bulk_change", "shop"))
    return [{"code": code, "ref": ref} for code, ref in sorted(found, key=lambda one: (units(one[0]), units(one[1])))]


def envelope(path, plan_digest, target):
    """What stands in an approval or author's statement."""
    text = path.read_text()
    value = json.loads(text)
    payload = base64.b64decode(value["payload"], validate=True)
    pae = b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload)
    rows = ",\n".join(f'    {{"keyid": {quote(one["keyid"])}, "sig": {quote(one["sig"])}}}' for one in value["signatures"])
    signatures = f"[\n{rows}\n  ]" if rows else "[]"
    form = (
        f'{{\n  "payloadType": "application/vnd.in-toto+json",\n  "payload": "{base64.b64encode(payload).decode()}",\n'
        f'  "checksum": "{sha256(pae)}",\n  "signatures": {signatures}\n}}\n'
    )
    assert text == form, "not in its printed form"
    statement = json.loads(payload)
    assert canonical(statement).encode() == payload, "the statement is not canonical"
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"] == [{"name": "plan", "digest": {"sha256": plan_digest}}], "of another plan"
    predicate = statement["predicate"]
    assert predicate["plan_id"] == plan_digest[:16] and predicate["target"] == target, "of another plan or target"
    return statement["predicateType"], predicate


def file_name(person):
    person = unicodedata.normalize("NFKC", person).lower()
    safe = re.sub("[^a-z0-9]+", "-", unicodedata.normalize("NFKD", person))[:40]
    return f"{re.sub('^-|-$', '', safe) or 'approver'}-{sha256(person.encode())[:12]}.json"


def check_plan(folder):
    text = (folder / "plan.json").read_text()
    plan = json.loads(text)
    plan_digest = digest(plan)
    yield "printed form", printed(plan) == text
    yield f"digest {plan_digest}", folder.name == plan_digest[:16]
    yield "patches", all(canonical(patched(one["before"], one["patch"])) == canonical(one["after"]) for one in plan["changes"])
    yield "summary", summary(plan) == plan["summary"]
    yield "hazards", hazards(plan) == plan["hazards"]
    for change in plan["changes"]:
        if kind(change) == "product":
            product = plan["actual"]["products"][change["ref"][len("product.") :]]
            if canonical(named(plan, product)["attributes"]) != canonical(change["before"]["attributes"]):
                yield f"{change['ref']} is in the snapshot as before", False
    yield "each before is what the snapshot holds", True
    for path in sorted((folder / "approvals").glob("*.json")):
        kind_of, said = envelope(path, plan_digest, plan["target"])
        yield f"approval by {said['approver']}", kind_of == "urn:sailplan:approval:v1" and path.name == file_name(said["approver"])
    if (folder / "author.json").exists():
        kind_of, said = envelope(folder / "author.json", plan_digest, plan["target"])
        yield f"author {said['author']}", kind_of == "urn:sailplan:author:v1"


def check_archive(path, folder):
    previous, rows = "0" * 64, path.read_text().split("\n")
    assert rows.pop() == "", "the last line is unfinished"
    for number_of, row in enumerate(rows, start=1):
        entry = json.loads(row)
        holds = canonical(entry) == row and entry["sequence"] == number_of and entry["previous"] == previous
        if entry["report"] is not None and entry["plan"]["id"] == folder.name:
            holds = holds and sha256((folder / "report.json").read_bytes()) == entry["report"]
        yield f"archive line {number_of}, {entry['event']}", holds
        previous = sha256(row.encode())


def main(folder, archive=None):
    checks = list(check_plan(Path(folder)))
    if archive is not None:
        checks += check_archive(Path(archive), Path(folder))
    for what, holds in checks:
        print(f"{'ok' if holds else 'NOT OK'}  {what}")
    return 0 if all(holds for _, holds in checks) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
