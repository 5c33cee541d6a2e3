// What the merchant's developer is told in the console while the buyer goes on: the page works, but not
// as it will have to. Fetched with test keys and on local hosts only; no real buyer loads it.

const warned = new Set();
const warn = (words) => {
  if (!warned.has(words)) console.warn(`toss-checkout: ${words}`);
  warned.add(words);
};

// Whether strangers can open a page of this host, as far as its name says.
const isPublic = (hostname) => {
  // Loopback; unique local and link-local addresses begin with f.
  if (hostname.startsWith("[")) return !/^\[(::1\]|f)/.test(hostname);
  // No top-level domain in use ends with a digit.
  if (/\d$/.test(hostname)) {
    return !/^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(hostname);
  }
  return hostname.includes(".") && !/\.(localhost|local|test)$/.test(hostname);
};

/** What is wrong with a key of this mode at this address, whose document came with this
 * `Cross-Origin-Opener-Policy` and `Cross-Origin-Embedder-Policy`. Each names its fix. */
export const misuse = (isTest, address, opener, embedder) => {
  // They may name an endpoint for reports, too.
  const word = (policy) => policy?.split(";")[0].trim();
  const { protocol, hostname } = new URL(address);
  const isOpen = isPublic(hostname);
  const isSecure = protocol === "https:";
  return [
    isTest &&
      isSecure &&
      isOpen &&
      "test client key on a public host: no real money moves here. Sell with the live key.",
    !isTest &&
      !isOpen &&
      "live client key on a local host: Toss's live windows expect a public https address. Develop with the test key.",
    !isSecure &&
      isOpen &&
      "http on a public host: Toss's window and the clipboard need https. Serve the page over https.",
    word(opener) === "same-origin" &&
      "Cross-Origin-Opener-Policy: same-origin cuts this page off from Toss's window. Send same-origin-allow-popups.",
    word(embedder) === "require-corp" &&
      "Cross-Origin-Embedder-Policy: require-corp keeps Toss's script and window from loading. Do not send it with this page.",
  ].filter(Boolean);
};

const PAIRS = [
  "on-brand/brand",
  "text/background",
  "text/surface",
  "text-soft/background",
  "text-soft/surface",
  "text-soft/chosen",
  "accent-text/surface",
  "good/good-surface",
  "trouble/trouble-surface",
];

/** Colours on which words cannot be read: those of WCAG 2.2, 1.4.3. */
export const faint = (host) => {
  const probe = document.createElement("p");
  // Knows every way to write a colour.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  probe.style.forcedColorAdjust = "none";
  host.append(probe);
  const found = [];
  for (const pair of PAIRS) {
    const names = pair.split("/").map((name) => `--toss-checkout-${name}`);
    const [a, b] = names.map((name) => {
      probe.style.color = `var(${name})`;
      canvas.fillStyle = getComputedStyle(probe).color;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
        part > 10 ? ((part / 255 + 0.055) / 1.055) ** 2.4 : part / 3294,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
    });
    const ratio = a > b ? a / b : b / a;
    if (ratio < 4.5) found.push(`contrast ${ratio.toFixed(2)} < 4.5: ${names}`);
  }
  probe.remove();
  return found;
};

/** Looks at everything, once the form is ready. */
export const develop = async (host, isTest) => {
  if (host.isConnected) faint(host).forEach(warn);
  // Real buyers' browsers do not ask.
  const answer = isTest && (await fetch(location.href, { method: "HEAD" }).catch(() => null));
  const policy = (kind) => (answer ? answer.headers.get(`cross-origin-${kind}-policy`) : null);
  // What nobody reads Chromium counts as broken off.
  if (answer) await answer.text();
  misuse(isTest, location.href, policy("opener"), policy("embedder")).forEach(warn);
};
