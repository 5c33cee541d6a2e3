// The page that a careful React developer would write for the same three flows, as a peer to measure
// against: react-router, Toss's own loader, plain fetch. It has one language and fewer states.
import { createRoot } from "react-dom/client";
import { BrowserRouter, Route, Routes } from "react-router";

import { Checkout } from "./Checkout";
import { Fail } from "./Fail";
import { Success } from "./Success";
import "./style.css";

createRoot(document.getElementById("root")).render(
  <BrowserRouter basename="/checkout">
    <Routes>
      <Route path="/" element={<Checkout />} />
      <Route path="/success" element={<Success />} />
      <Route path="/fail" element={<Fail />} />
    </Routes>
  </BrowserRouter>,
);
