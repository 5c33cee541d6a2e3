import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({ base: "/checkout/", plugins: [react()], build: { assetsDir: "", modulePreload: { polyfill: false } } });
