/* Counts and prices, and what the buttons do. */
function fillControls() {
  for (const key of Object.keys(SETTINGS)) byId(key).value = state.settings[key] ?? "";
  byId("assistance").checked = Boolean(state.settings.assistance);
  byId("currency").value = state.settings.currency ?? "";
  byId("name").value = state.name;
}

function set(key, value) {
  const { [key]: _, ...rest } = state.settings;
  state.settings = value === undefined ? rest : { ...rest, [key]: value };
  store(false);
  showFigures();
}

function listen() {
  for (const key of Object.keys(SETTINGS)) {
    const input = byId(key);
    input.addEventListener("input", () => {
      const value = input.value === "" ? undefined : Number(input.value);
      const right = value === undefined || SETTINGS[key](value);
      input.setAttribute("aria-invalid", String(!right));
      if (right) set(key, value);
    });
  }
  byId("assistance").addEventListener("change", (event) => set("assistance", event.target.checked || undefined));
  byId("currency").addEventListener("input", (event) => set("currency", event.target.value.trim() || undefined));
  byId("name").addEventListener("input", (event) => {
    state.name = event.target.value;
    store(false);
    showFigures();
  });
  byId("licence").addEventListener("change", () => showFigures());
  byId("asking").addEventListener("keydown", pressed);
  byId("tree").addEventListener("click", clicked);
  byId("share").addEventListener("click", () => copy(location.href, "The link is copied."));
  byId("copy").addEventListener("click", () => copy(byId("yaml").textContent, "The use case is copied."));
  byId("save").addEventListener("click", save);
  byId("print").addEventListener("click", () => print());
  addEventListener("popstate", restore);
  addEventListener("hashchange", restore);
  addEventListener("beforeprint", fit);
  addEventListener("afterprint", () => document.documentElement.style.removeProperty("--fit"));
}

/* Keys work only while the question's card has the focus. */
function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const choices = [...byId("asking").querySelectorAll(".choice")];
  const chosen = event.key === "u" ? choices.at(-1) : choices.slice(0, -1)[Number(event.key) - 1];
  const details = byId("asking").querySelector("details");
  if (chosen) chosen.click();
  else if (event.key === "b") back();
  else if (event.key === "?" && details) details.open = !details.open;
  else return;
  event.preventDefault();
}

function clicked(event) {
  const question = event.target.closest("[data-node]")?.dataset.node;
  if (question) pick(rules.node.get(question).question);
}

async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    byId("done").textContent = done;
  } catch {
    byId("done").textContent = `The browser does not let pages copy. Copy it by hand: ${text}`;
  }
}

function save() {
  const stem = state.name.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 60);
  const url = URL.createObjectURL(new Blob([byId("yaml").textContent], { type: "application/yaml" }));
  el("a", { href: url, download: `${stem || "use_case"}.yaml` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/* Make the decision fit one sheet, A4 or Letter: laid out as it prints, then made as small as it must be, but no
   smaller than can be read; the rest is on a second sheet. */
const SMALLEST = 0.7; // of ten points
function fit() {
  const printing = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules])
    .filter(({ media }) => media?.mediaText === "print");
  for (const rule of printing) rule.media.mediaText = "all";
  let scale = 1;
  for (; scale > SMALLEST; scale -= 0.05) {
    document.body.style.width = `${182 / scale}mm`;
    if (document.body.scrollHeight * scale <= 930) break;
  }
  scale = Math.max(scale, SMALLEST);
  document.body.style.removeProperty("width");
  for (const rule of printing) rule.media.mediaText = "print";
  document.documentElement.style.setProperty("--fit", scale.toFixed(2));
}
