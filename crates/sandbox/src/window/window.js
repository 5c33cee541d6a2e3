// @ts-check
// Everything works without this file when the window is a whole page. In a frame it tells the page
// around it how things ended; anywhere it fills in test numbers.

"use strict";

const { opener, message, window: id } = document.body.dataset;

if (opener && message && parent !== window) {
  parent.postMessage(JSON.parse(message), opener);
}

for (const button of document.querySelectorAll("button[data-fill]")) {
  button.addEventListener("click", () => {
    const field = document.querySelector("input[name=number]");
    if (field instanceof HTMLInputElement && button instanceof HTMLElement) {
      field.value = button.dataset.fill ?? "";
      field.focus();
    }
  });
}

// In a frame the page around it cannot hear the key.
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opener && id && parent !== window) {
    const cancel = { source: "toss-sandbox", window: id, type: "reject", code: "USER_CANCEL", message: "취소되었습니다." };
    parent.postMessage(cancel, opener);
  }
});
