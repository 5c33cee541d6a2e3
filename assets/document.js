// What the standalone pages have in common: the options in the document, and what it says when the program does not
// start.

// `<meta name="PAGE:NAME" content="…">` are the options.
export const readOptions = (page) => {
  const options = {};
  for (const { name, content } of document.querySelectorAll(`meta[name^='${page}:']`)) {
    options[name.slice(page.length + 1)] = content;
  }
  if (options.theme) document.documentElement.dataset.theme = options.theme;
  return options;
};

// A script that does not wait for the document, which waits for the style sheet, waits here. Answers what is to be
// shown when the program does not start; until now it came by itself.
export const complete = async () => {
  if (document.readyState === "loading") {
    await new Promise((resume) => addEventListener("DOMContentLoaded", resume));
  }
  const failed = document.getElementById("boot-failed");
  failed.hidden = true;
  return failed;
};

// Shows it in the place of the skeleton.
export const showFailed = (failed, host) => {
  failed.classList.remove("late");
  failed.hidden = false;
  const main = document.createElement("main");
  main.append(failed);
  host.replaceChildren(main);
};
