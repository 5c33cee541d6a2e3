// @ts-check
// Everything works without this file when the window is a whole page. In a frame it tells the page
// around it how things ended; anywhere it fills in test numbers.

const { opener: merchant, message, window: id } = document.body.dataset;
const isFrame = merchant !== undefined && parent !== window;

if (isFrame && message) {
  parent.postMessage(JSON.parse(message), merchant);
}

for (const button of document.querySelectorAll("button[data-fill]")) {
  button.addEventListener("click", () => {
    if (!(button instanceof HTMLElement)) return;
    const field = document.getElementById("number");
    if (field instanceof HTMLInputElement) {
      field.value = button.dataset["fill"] ?? "";
      field.focus();
    }
  });
}

// In a frame the page around it cannot hear the key.
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isFrame && id) {
    const reason = { code: "USER_CANCEL", message: "취소되었습니다." };
    parent.postMessage({ source: "toss-sandbox", window: id, type: "reject", ...reason }, merchant);
  }
});

export {};
