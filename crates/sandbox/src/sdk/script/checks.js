// @ts-check
// Checks of single values. Each throws what Toss rejects with.

/** @typedef {import("./official").Check} Check */
/** @typedef {import("./official").Field} Field */

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} value absent for Toss: null is the same as left out */
const isAbsent = (value) => value === undefined || value === null;

/** @param {Check} check @returns {{ check: Check, required: false }} */
const optional = (check) => ({ check, required: false });
/** @param {Check} check @returns {{ check: Check, required: true }} */
const required = (check) => ({ check, required: true });

/**
 * Toss refuses fields that it does not know, fields that hold undefined, and required ones that are
 * missing or null. Null is the same as absent for the others.
 * @param {unknown} value
 * @param {Record<string, Field>} shape
 * @param {string} name
 */
function checkObject(value, shape, name) {
  if (!isObject(value)) return wrong(name || "request", "object");
  /** @param {string} key */
  const path = (key) => (name === "" ? key : `${name}.${key}`);
  for (const key of Object.keys(value)) {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (!field) return wrong(path(key), "정의되지 않은 파라미터");
    if (value[key] === undefined) return wrong(path(key), "undefined");
    if (value[key] !== null) field.check(value[key], path(key));
    else if (field.required) return wrong(path(key), "null");
  }
  for (const [key, field] of Object.entries(shape)) {
    if (field.required && !Object.hasOwn(value, key)) return wrong(path(key), "필수");
  }
}

/**
 * Nobody says whether Toss counts characters or UTF-16 units, so the stricter way counts: 100 emoji are 200 units
 * at the upper end, one emoji is one character at the lower (assumed).
 * @param {number} max @param {number} [min] @returns {Check}
 */
const text = (max, min = 0) => (value, name) => {
  if (typeof value !== "string" || value.length > max || [...value].length < min) {
    wrong(name, `${min}~${max}자 문자열`);
  }
};

/** @param {RegExp} pattern @returns {Check} */
const matching = (pattern) => (value, name) => {
  if (typeof value !== "string" || !pattern.test(value)) wrong(name, String(pattern));
};

/** @param {...(string | number)} values @returns {Check} */
const oneOf = (...values) => (value, name) => {
  if (!values.includes(value)) wrong(name, values.join(" | "));
};

/** @type {Check} */
const flag = (value, name) => {
  if (typeof value !== "boolean") wrong(name, "boolean");
};

/** @type {Check} */
const count = (value, name) => {
  if (!Number.isSafeInteger(value) || value < 0) wrong(name, "0 이상의 정수");
};

/** @type {Check} */
const price = (value, name) => {
  if (!Number.isFinite(value) || value < 0) wrong(name, "0 이상의 숫자");
};

/** @type {Check} Anything that can be sent. */
const json = (value, name) => {
  try {
    JSON.stringify(value);
  } catch {
    wrong(name, "JSON으로 바꿀 수 있는 값");
  }
};

/** @param {Record<string, Field>} shape @returns {Check} */
const object = (shape) => (value, name) => checkObject(value, shape, name);

/** @param {Check} check @returns {Check} */
const list = (check) => (value, name) => {
  if (!Array.isArray(value)) return wrong(name, "array");
  value.forEach((item, index) => check(item, `${name}[${index}]`));
};

/** @param {"INCORRECT_SUCCESS_URL_FORMAT" | "INCORRECT_FAIL_URL_FORMAT"} code @returns {Check} */
const address = (code) => (value) => {
  try {
    if (typeof value === "string" && /^https?:$/.test(new URL(value).protocol)) return;
  } catch {
    // No absolute URL.
  }
  throw failure(code);
};

/** @type {Check} Which currency a method takes is for `checkPayment` to say. */
const amount = (value, name) => {
  if (!isObject(value)) return wrong(name, "object");
  for (const key of Object.keys(value)) {
    if (key !== "value" && key !== "currency") wrong(`${name}.${key}`, "정의되지 않은 파라미터");
  }
  if (typeof value.value !== "number" || !Number.isFinite(value.value)) {
    throw failure("INVALID_AMOUNT_VALUE");
  }
  if (value.value <= 0) throw failure("BELOW_ZERO_AMOUNT");
};

/** @type {Check} At most five texts; keys of 40 characters without brackets, values of 2000. */
const metadata = (value) => {
  const fits =
    isObject(value) &&
    Object.keys(value).length <= 5 &&
    Object.entries(value).every(
      ([key, item]) =>
        key.length <= 40 &&
        !/[[\]]/.test(key) &&
        typeof item === "string" &&
        item.length <= 2000,
    );
  if (!fits) throw failure("INVALID_METADATA");
};
