// Shows one screen of the page, or the list of all: /?screen=NAME&locale=ko&theme=dark&dir=rtl
import start, { crash, screens, show } from "./toss-checkout-gallery.js";

const LOCALES = ["ko", "en"];
const THEMES = ["light", "dark"];
const host = document.getElementById("checkout");
let mounted;

/** Midnight in Seoul, in three days. */
const due = () => {
  const day = new Date(Date.now() + 3 * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);
  return `${day}T23:59:59+09:00`;
};

const display = async (screen, { locale = "ko", theme = "auto", dir = "ltr" } = {}) => {
  mounted?.unmount();
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.dir = dir;
  document.title = `${screen} · ${locale} · ${theme}`;
  mounted = show(host, { locale }, screen, due());
  // It is drawn a moment later.
  await new Promise((resume) => setTimeout(resume));
};

const list = () => {
  const rows = screens().map((screen) => {
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = screen;
    row.append(name);
    for (const locale of LOCALES) {
      for (const theme of THEMES) {
        const link = document.createElement("a");
        link.href = `?${new URLSearchParams({ screen, locale, theme })}`;
        link.textContent = `${locale} ${theme}`;
        const cell = document.createElement("td");
        cell.append(link);
        row.append(cell);
      }
    }
    return row;
  });
  const heading = document.createElement("h1");
  heading.textContent = `${rows.length} screens`;
  const table = document.createElement("table");
  table.append(...rows);
  const main = document.createElement("main");
  main.className = "gallery";
  main.append(heading, table);
  document.documentElement.lang = "en";
  host.replaceChildren(main);
};

await start();
// For whoever walks through them without loading the page each time.
globalThis.gallery = { screens: screens(), display, crash };
const { screen, ...how } = Object.fromEntries(new URLSearchParams(location.search));
if (screen) await display(screen, how);
else list();
