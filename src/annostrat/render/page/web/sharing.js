/* What leaves the page: the fragment that shares a decision, and the use case as YAML. */
const whole = (value) => Number.isInteger(value);
const SETTINGS = {
  images: (value) => whole(value) && value >= 1 && value <= 1e9,
  objects_per_image: (value) => value >= 0 && value <= 1e5,
  annotators: (value) => whole(value) && value >= 1 && value <= 1e5,
  hourly_rate: (value) => value >= 0 && value <= 1e6,
  surfaces: (value) => value >= 0 && value <= 1e5,
};
const COUNTS = ["images", "objects_per_image"];
const MOST_NAME = 1000;
const MOST_CURRENCY = 8;

/* Questions are keys by their ids, which begin with a letter; all other keys begin with a dot. */
function asFragment({ answers, settings, name }) {
  const pairs = Object.entries(answers);
  for (const [key, value] of Object.entries(settings)) pairs.push([`.${key}`, value === true ? "yes" : value]);
  if (name) pairs.push([".name", name]);
  return new URLSearchParams(pairs).toString();
}

/* The state that a fragment holds, and the words in it that these rules do not know. */
function fromFragment(rules, fragment) {
  const state = { answers: {}, settings: {}, name: "", asking: null, picked: false };
  const refused = [];
  for (const [key, value] of new URLSearchParams(fragment)) {
    const text = value.trim();
    const number = text === "" ? NaN : Number(text);
    const setting = key.slice(1);
    if (Object.hasOwn(rules.questions, key) && [...rules.questions[key].offered, UNKNOWN].includes(value)) {
      state.answers[key] = value;
    } else if (key === ".name" && text.length <= MOST_NAME) state.name = value;
    else if (key === ".assistance" && value === "yes") state.settings.assistance = true;
    else if (key === ".currency" && text && text.length <= MOST_CURRENCY) state.settings.currency = text;
    else if (key[0] === "." && Object.hasOwn(SETTINGS, setting) && SETTINGS[setting](number)) {
      state.settings[setting] = number;
    } else refused.push(`${key}=${value}`);
  }
  return [state, refused];
}

/* A use-case file, as the command line writes it; `expect` guards the decision. */
function asYaml({ answers, settings, name }, strategy) {
  const effort = Object.entries(settings).filter(([key]) => !COUNTS.includes(key));
  const lines = [["name", flow(name || "Your project")], ["answers", mapping(Object.entries(answers))]];
  if (strategy) lines.push(["expect", `[${flow(strategy)}]`]);
  for (const key of COUNTS) if (key in settings) lines.push([key, flow(settings[key])]);
  if (effort.length) lines.push(["effort", mapping(effort)]);
  return lines.map(([key, value]) => `${key}: ${value}\n`).join("");
}

const mapping = (pairs) => `{${pairs.map(([key, value]) => `${key}: ${flow(value)}`).join(", ")}}`;

function flow(value) {
  if (typeof value !== "string") return String(value);
  if (/^(?!(?:true|false|null)$)[a-z][a-z0-9_]*$/.test(value)) return value;
  return `"${value.replace(/\p{Cs}/gu, "?").replace(/["\\]/g, "\\$&").replace(/(?! )[\p{C}\p{Z}]/gu, spelt)}"`;
}

const spelt = (character) => `\\U${character.codePointAt(0).toString(16).padStart(8, "0")}`;

/* Text in which what cannot be seen is spelt out, so that it neither hides nor turns anything. */
const visible = (text) => text.replace(/(?! )[\p{C}\u2028\u2029]/gu, spelt);
