import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/react/",
  plugins: [react()],
  // In development `CHECKOUT_API` and `CHECKOUT_SDK_URL` go into index.html; what is built leaves them to
  // ../server.mjs.
  envPrefix: "CHECKOUT_",
  // The compiled part lies beside its script; pre-bundling would part them.
  optimizeDeps: { exclude: ["toss-checkout"] },
  // A module that is written into the page would need a policy that allows it.
  build: { modulePreload: { polyfill: false } },
  // In development orders are made by ../server.mjs.
  server: { proxy: { "/orders": "http://127.0.0.1:5174" } },
});
