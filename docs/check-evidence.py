"""Recomputes the hashes of a customer's evidence, as docs/subscriptions.md describes them.

curl -s $API/customers/$CUSTOMER/consents -H "$KEY" | python3 check-evidence.py $CUSTOMER
"""

import hashlib
import json
import sys

NOTHING_BEFORE = "0" * 64


def digest(*parts):
    sha = hashlib.sha256()
    for part in parts:
        data = str(part).encode()
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()


def terms(it):
    return f"{it['amount']['value']}/{it['interval']['count']} {it['interval']['unit']}"


def consent(c, customer):
    return digest(
        "consent", c["prevHash"], c["id"], c["subscriptionId"], customer, c["kind"],
        terms(c["before"]), terms(c["after"]), c["effectiveAtMillis"], c["textVersion"], c["text"],
        c["paymentMethod"], c["channel"], c.get("ip", ""), c.get("userAgent", ""), c["givenAtMillis"],
    )


def delivery(n, customer):
    d = n["delivery"]
    return digest(
        "notice-delivery", d["prevHash"], n["id"], n["subscriptionId"], customer, n["kind"],
        n["priceBefore"]["value"], n["priceAfter"]["value"], n["forAtMillis"], n["text"]["ko"], n["text"]["en"],
        n["dueAtMillis"], d["deliveredAtMillis"], d["channel"], d["reportedAtMillis"],
    )


def main(customer):
    evidence = json.load(sys.stdin)
    before = NOTHING_BEFORE
    for c in evidence["consents"]:
        if c["prevHash"] != before or c["hash"] != consent(c, customer):
            sys.exit(f"the chain of consents breaks at {c['id']}")
        before = c["hash"]
    # Notices are listed as they came due; their deliveries follow one another as they were reported.
    delivered = {n["delivery"]["prevHash"]: n for n in evidence["notices"] if "delivery" in n}
    links, before = len(delivered), NOTHING_BEFORE
    while before in delivered:
        n = delivered.pop(before)
        if n["delivery"]["hash"] != delivery(n, customer):
            sys.exit(f"the chain of deliveries breaks at {n['id']}")
        before = n["delivery"]["hash"]
    if delivered:
        sys.exit(f"no delivery leads to those of {', '.join(n['id'] for n in delivered.values())}")
    print(f"{len(evidence['consents'])} consents and {links} deliveries: nothing was changed")


main(sys.argv[1])
