// A buyer inside KakaoTalk: the form says how to leave, and paying inside works all the same.

import { expect, test } from "../../support/fixtures.ts";
import { origins } from "../../support/environment.ts";

const ANDROID =
  "Mozilla/5.0 (Linux; Android 14; SM-S901N; wv) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36";

test.use({ userAgent: `${ANDROID};KAKAOTALK 2410000` });

test("KakaoTalk's browser has a way out, and the window replaces the page", { tag: "@phone" }, async ({
  page,
  shop,
  merchant,
  browser,
}) => {
  const checkout = await shop.subscribe();
  await expect(page.getByText("은행·카드 앱에 다녀온 뒤 돌아오지 못할 수 있어요")).toBeVisible();
  const href = await page.getByRole("link", { name: "다른 브라우저로 열기" }).getAttribute("href");
  const [app, address] = href?.split("url=") ?? [];
  expect(app).toBe("kakaotalk://web/openExternal?");
  const form = decodeURIComponent(address ?? "");
  expect(form).toBe(page.url());

  // What KakaoTalk hands to the phone's own browser continues the same session.
  const elsewhere = await browser.newContext({ userAgent: ANDROID });
  const other = await elsewhere.newPage();
  await other.goto(form);
  await expect(other.getByRole("heading", { level: 1, name: "토스 프라임 구독" })).toBeVisible();
  await expect(other.getByRole("link", { name: "다른 브라우저로 열기" })).toHaveCount(0);

  let frames = 0;
  page.on("frameattached", () => (frames += 1));
  const window = await checkout.pay("카드");
  await expect(await window.button("등록하기")).toBeVisible();
  expect(new URL(page.url()).origin).toBe(origins.sandbox);
  expect(frames).toBe(0);
  await window.finish("카드");
  await checkout.shows("카드가 등록됐어요");
  await expect.poll(async () => (await merchant.session(checkout.session)).status).toBe("active");
  // The form that was left open in the other browser learns of it.
  await other.reload();
  await expect(other.getByRole("heading", { level: 1, name: "카드가 등록됐어요" })).toBeVisible();
  await elsewhere.close();
});
