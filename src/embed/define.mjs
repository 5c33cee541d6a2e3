// For `<script type="module">`: makes the element known.
import { define } from "./index.mjs";

define();
