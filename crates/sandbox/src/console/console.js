// @ts-check
// Keeps the console up to date, and presses its buttons without leaving the page. What has not changed is
// not touched, so that neither the focus nor an opened row is lost. Without this file everything still works.

const EVERY = 1500;
const live = /** @type {HTMLElement} */ (document.getElementById("live"));
const pause = /** @type {HTMLButtonElement} */ (document.getElementById("pause"));
const FOCUSABLE = "a[href], button, summary, input, select";

/** @type {Map<string, string>} what the server last said of an item, by its id */
const said = new Map();
/** @type {string | null} */
let tag = null;
let paused = false;

const items = (/** @type {ParentNode} */ root) =>
  /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-list] > [id]"));
for (const item of items(document)) said.set(item.id, item.outerHTML);

/** @param {"on" | "off" | "paused"} state */
function show(state) {
  const words = live.dataset[state] ?? "";
  live.dataset["state"] = state;
  if (live.textContent !== words) live.textContent = words;
}

/**
 * Puts a new item in the place of an old one: opened rows stay open, the focus stays on the same thing.
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
function replace(old, fresh) {
  const opened = [...old.querySelectorAll("details")].map((details) => details.open);
  const focused = [...old.querySelectorAll(FOCUSABLE)].findIndex((one) => one === document.activeElement);
  old.replaceWith(fresh);
  fresh.querySelectorAll("details").forEach((details, index) => {
    details.open = opened[index] ?? false;
  });
  if (focused === -1) return;
  const heir = fresh.querySelectorAll(FOCUSABLE)[focused];
  if (heir instanceof HTMLElement && !heir.matches(":disabled")) {
    heir.focus();
  } else {
    fresh.tabIndex = -1;
    fresh.focus();
  }
}

/** @param {Document} page */
function merge(page) {
  for (const list of page.querySelectorAll("[data-list]")) {
    const mine = document.getElementById(list.id);
    if (!mine) continue;
    const wanted = /** @type {HTMLElement[]} */ ([...list.children]);
    const ids = new Set(wanted.map((item) => item.id));
    for (const item of [...mine.children]) if (!ids.has(item.id)) item.remove();
    wanted.forEach((item, index) => {
      const html = item.outerHTML;
      const old = document.getElementById(item.id);
      if (!old) mine.insertBefore(document.adoptNode(item), mine.children[index] ?? null);
      else if (said.get(item.id) !== html) replace(old, document.adoptNode(item));
      said.set(item.id, html);
    });
  }
}

/** @param {Response} response */
async function read(response) {
  tag = response.headers.get("etag");
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

async function refresh() {
  if (paused || document.hidden) return;
  try {
    const headers = tag ? { "if-none-match": tag } : undefined;
    const response = await fetch(location.href.split("#", 1)[0] ?? "", { cache: "no-store", ...(headers && { headers }) });
    if (response.ok) merge(await read(response));
    if (!paused) show("on");
  } catch {
    show("off");
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  try {
    const body = new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)]));
    const page = await read(await fetch(form.action, { method: "POST", body }));
    merge(page);
    const notices = document.getElementById("notices");
    notices?.replaceChildren(...(page.getElementById("notices")?.childNodes ?? []));
    // The answer's tag is that of a page with a notice.
    tag = null;
  } catch {
    show("off");
  }
});

pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = (paused ? pause.dataset["resume"] : pause.dataset["pause"]) ?? "";
  if (paused) show("paused");
  else void refresh();
});

live.hidden = false;
pause.hidden = false;
show("on");
setInterval(() => void refresh(), EVERY);
document.addEventListener("visibilitychange", () => void refresh());

export {};
