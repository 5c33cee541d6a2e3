// Holds the list `Ignored` of complete.ts against the typings: it must name what they mark `@ignore`,
// all of it and nothing else. A field that Toss makes public leaves the list here, and is then found
// missing there.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const LISTS = {
  Ignored: [
    "PaymentRequest",
    "CardPaymentRequest",
    "VirtualAccountPaymentRequest",
    "TransferPaymentRequest",
    "MobilePhonePaymentRequest",
    "GiftCertificatePaymentRequest",
    "ForeignEasyPayPaymentRequest",
  ],
  IgnoredBilling: ["BaseBillingAuthRequest", "CardBillingAuthRequest", "TransferBillingAuthRequest"],
};

const source = (relative) => {
  const path = fileURLToPath(new URL(relative, import.meta.url));
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
};

/** Paths below a node that are marked. What is below a marked one is not looked at. */
const marked = (node, path) => {
  if (!ts.isPropertySignature(node)) {
    const inside = [];
    ts.forEachChild(node, (child) => void inside.push(...marked(child, path)));
    return inside;
  }
  const here = [...path, node.name.getText()];
  if (ts.getJSDocTags(node).some((tag) => tag.tagName.text === "ignore")) return [here.join(".")];
  return node.type ? marked(node.type, here) : [];
};

const typings = source("../../node_modules/@tosspayments/tosspayments-sdk/types/index.d.ts");
const complete = source("complete.ts");
const problems = [];

for (const [list, requests] of Object.entries(LISTS)) {
  const ignored = new Set();
  for (const request of requests) {
    const found = typings.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === request);
    if (!found) problems.push(`the typings have no interface ${request} any more`);
    for (const path of found?.members.flatMap((member) => marked(member, [])) ?? []) ignored.add(path);
  }
  if (ignored.size === 0) problems.push(`nothing is marked for ${list}: the check does not see the marks`);

  const { type } = complete.statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === list);
  const listed = new Set(
    (type.types ?? [type]).map((type) => type.getText().replace(/["`]/g, "").replace(/(\[\])?[.=]\$\{string\}$/, "")),
  );
  for (const path of ignored) if (!listed.has(path)) problems.push(`${path} is marked @ignore, but not in ${list}`);
  for (const path of listed) if (!ignored.has(path)) problems.push(`${path} is in ${list}, but not marked @ignore`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
