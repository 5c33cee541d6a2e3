// The options of the element and of `mount()`: attributes of these names, properties and keys in
// camelCase. The page reads and checks them; see docs/embedding.md.
export const OPTIONS = [
  "api",
  "session",
  "sdk-url",
  "locale",
  "theme",
  "success-url",
  "fail-url",
  "window-target",
  "support-url",
  "client-key",
  "customer-key",
  "order",
  "confirm-url",
  "issue-url",
];

export const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
