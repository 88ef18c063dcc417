/* The page: answers in the fragment, controls that change them, and everything shown anew from them. */
const began = performance.now();
const byId = (id) => document.getElementById(id);
const rules = link(JSON.parse(byId("rules").textContent));
if (rules.second) link(rules.second);
rules.architectures = unpacked(rules.architectures);
rules.references = Object.fromEntries(rules.references);
let state = fromFragment(rules, location.hash.slice(1))[0];
let shownFor = null;

function unpacked({ columns, texts, rows }) {
  const variant = (row) => {
    const one = Object.fromEntries(columns.map((column, index) => [column, row[index]]));
    for (const key of ["metric", "code", "weights"]) one[key] = one[key] === null ? null : texts[one[key]];
    return { ...one, sources: one.sources.map((place) => rules.references[place][0]) };
  };
  return Object.fromEntries(Object.entries(rows).map(([strategy, found]) => [strategy, found.map(variant)]));
}

/* The question to ask: the one that was picked, else the first that is still worth asking. */
const asking = () => state.asking ?? missingQuestions(rules, state.answers)[0] ?? null;

/* Ask what comes next again, not what was picked or gone back to. */
function settle() {
  state.asking = null;
  state.picked = false;
}

function answer(question, word) {
  state.answers = { ...state.answers, [question]: word };
  settle();
  store(true);
  show();
  byId("asked").focus({ preventScroll: true });
}

function back() {
  const last = Object.keys(state.answers).at(-1);
  if (!state.picked && last !== undefined) {
    const { [last]: _, ...rest } = state.answers;
    state.answers = rest;
    state.asking = last;
    store(true);
  } else state.asking = null;
  state.picked = false;
  show();
  byId("asked").focus({ preventScroll: true });
}

function pick(question) {
  state.asking = question;
  state.picked = true;
  show();
  byId("asked").focus();
}

function change(pairs) {
  Object.assign(state.answers, pairs);
  settle();
  store(true);
  show();
  byId("verdict").scrollIntoView({ block: "nearest" });
}

function restart() {
  state.answers = {};
  settle();
  store(true);
  show();
  byId("asked").focus();
}

/* Keep the state in the fragment; an answer is a step that the browser's own Back undoes. */
function store(step) {
  const fragment = `#${asFragment(state)}`;
  if (fragment === location.hash || (fragment === "#" && !location.hash)) return;
  shownFor = fragment;
  try {
    history[step ? "pushState" : "replaceState"](null, "", fragment);
  } catch {
    // a viewer that shows the page in a frame may keep it from its own address
  }
}

function restore() {
  if (location.hash === shownFor) return;
  const [found, refused] = fromFragment(rules, location.hash.slice(1));
  state = shownFor === null && !location.hash ? { ...found, answers: { ...rules.answers } } : found;
  shownFor = location.hash;
  byId("refused").hidden = !refused.length;
  byId("refused").textContent =
    `This link holds what these rules do not know, which was left out: ${visible(refused.join(", ")).slice(0, 300)}`;
  fillControls();
  show();
}

function show() {
  const outcome = decide(rules, state.answers);
  const remaining = possible(rules, state.answers);
  byId("asking").replaceChildren(...asked(outcome));
  byId("verdict").replaceChildren(...verdict(rules, outcome, remaining));
  byId("verdict").className = outcome.decided ? "verdict decided" : "verdict undecided";
  document.body.classList.toggle("open", !outcome.decided);
  byId("given").replaceChildren(...given());
  byId("reasons").replaceChildren(...reasons(rules, outcome, change).filter(Boolean));
  light(outcome);
  showFigures(outcome, remaining);
  byId("said").textContent = `${headline(rules, outcome, remaining)}.`;
}

/* Whatever depends on counts, prices and licences as well as on answers. */
function showFigures(outcome = decide(rules, state.answers), remaining = possible(rules, state.answers)) {
  const strategies = [...new Set([...remaining, ...outcome.alternatives.map((entry) => entry.strategy)])];
  const found = state.settings.images
    ? estimate(rules, state.answers, state.settings, strategies, outcome.decided) : null;
  const estimates = new Map(found?.strategies.map((line) => [line.strategy, line]));
  byId("effort").replaceChildren(...(found ? effortShown(rules, found, outcome.strategy)
    : [el("p", { class: "aside" }, "Say how many images there are, to see hours, weeks and money.")]));
  byId("strategies").replaceChildren(...sideBySide(rules, outcome, remaining, estimates));
  byId("models").replaceChildren(...models(rules, outcome.strategy, tierOf(rules, state.answers), byId("licence").value));
  byId("yaml").textContent = asYaml(state, outcome.strategy);
  byId("project").textContent = visible(state.name);
  byId("project").hidden = !state.name.trim();
}

/* The card of the question, or of the end. */
function asked(outcome) {
  const question = asking();
  const controls = el("p", { class: "controls" },
    el("button", { type: "button", onclick: back, disabled: !Object.keys(state.answers).length && !state.picked },
      "Back ", el("kbd", { "aria-hidden": "true" }, "b")),
    el("button", { type: "button", onclick: restart, disabled: !Object.keys(state.answers).length }, "Start over"));
  if (question === null) {
    const end = outcome.decided ? "All that matters is answered." : "All that can be known is answered.";
    return [el("h2", { id: "asked", tabindex: -1 }, end),
      el("p", {}, "Change any answer below, or read on for the reasons, the models and the effort."), controls];
  }
  const { ask, why, help, example, answers } = rules.questions[question];
  const left = missingQuestions(rules, state.answers).filter((one) => one !== question).length;
  const hint = outcome.ask_next?.question === question ? ` ${outcome.ask_next.why}` : "";
  const current = state.answers[question];
  const choice = ([id, title, meaning], key) => el("li", {}, el("button", {
    type: "button", class: "choice", "data-answer": id, "aria-pressed": id === current ? "true" : null,
    onclick: () => answer(question, id),
  }, el("kbd", { "aria-hidden": "true" }, key), el("span", {}, strong(title), el("span", {}, meaning))));
  const unknown = [UNKNOWN, "I do not know", "Every way that stays possible is kept open."];
  return [
    el("p", { class: "kicker" }, `${questionOf(rules, question)} \u00b7 ${left ? `${left} more may matter` : "the last one"}`),
    el("h2", { id: "asked", tabindex: -1 }, ask),
    el("p", { class: "why" }, `${why}${hint}`),
    el("ol", { class: "choices" }, answers.map((one, index) => choice(one, String(index + 1))), choice(unknown, "u")),
    el("details", {}, el("summary", {}, "How to tell ", el("kbd", { "aria-hidden": "true" }, "?")), el("p", {}, help),
      example ? el("p", {}, strong("For example: "), example) : null),
    controls,
  ];
}

/* The answers given, and below them every other question that the rules know. */
function given() {
  const mine = Object.keys(state.answers);
  const matter = missingQuestions(rules, state.answers);
  const others = Object.keys(rules.questions).filter((question) => !mine.includes(question));
  const row = (question, word) => el("button", { type: "button", class: "row", onclick: () => pick(question) },
    el("span", {}, questionOf(rules, question)), el("span", {}, word));
  return [
    mine.length ? el("ul", { class: "rows" }, mine.map((question) =>
      el("li", {}, row(question, answerOf(rules, question, state.answers[question]))))) : el("p", { class: "aside" }, "None yet."),
    others.length ? el("details", {}, el("summary", {}, "Other questions"), el("ul", { class: "rows" }, others.map((question) =>
      el("li", {}, row(question, matter.includes(question) ? "may matter" : "changes no strategy here"))))) : null,
  ].filter(Boolean);
}

/* Light up the way through the drawing: what is taken, what stays open, and where the question asked now stands. */
function light(outcome) {
  const nodes = new Map();
  const ways = new Map();
  const mark = (marks, key, sure) => marks.set(key, marks.get(key) || sure);
  const go = (node, sure, assumed) => {
    mark(nodes, node.id, sure);
    for (const [word, branch] of openBranches(node, outcome.answers, assumed)) {
      const certain = sure && word === null;
      for (const [answer, other] of node.branches) if (other === branch) mark(ways, `${node.id} ${answer}`, certain);
      if (branch.node) go(branch.node, certain, assuming(assumed, node.question, word));
    }
  };
  go(rules.start, true, {});
  const tree = byId("tree");
  const current = asking();
  const here = [];
  tree.classList.toggle("answered", Object.keys(outcome.answers).length > 0);
  for (const node of tree.querySelectorAll(".node")) {
    const id = node.dataset.node;
    node.classList.toggle("met", nodes.get(id) === true);
    node.classList.toggle("open", nodes.has(id));
    if (node.classList.toggle("here", nodes.has(id) && rules.node.get(id).question === current)) here.push(node);
  }
  if (here.length) requestAnimationFrame(() => bringUp(tree, here[0]));
  for (const way of tree.querySelectorAll(".way, .line")) {
    const found = way.dataset.answer.split(" ").map((answer) => ways.get(`${at(way)} ${answer}`));
    const sure = found.includes(true);
    way.classList.toggle("open", sure || found.includes(false));
    for (const part of [way, ...way.querySelectorAll(".edge, .tip, .stub")]) part.classList.toggle("taken", sure);
  }
}

/* Scroll the drawing, and nothing else, so that a node is seen. */
function bringUp(tree, node) {
  const [box, place] = [tree, node].map((shape) => shape.getBoundingClientRect());
  tree.scrollBy(place.left + place.width / 2 - box.left - box.width / 2, place.top - box.top - box.height / 3);
}

const at = (shape) => shape.closest("[data-node]").dataset.node;

/* Counts and prices: a slider in steps of 1, 2, 5, and the exact number beside it. */
function fillControls() {
  for (const key of Object.keys(SETTINGS)) {
    byId(key).value = state.settings[key] ?? "";
    showStep(key);
  }
  byId("assistance").checked = Boolean(state.settings.assistance);
  byId("currency").value = state.settings.currency ?? "";
  byId("name").value = state.name;
}

const SCALES = { images: 10, objects_per_image: 1, hourly_rate: 1 };
const amountAt = (key, step) => SCALES[key] * [1, 1.5, 2, 3, 5, 7][step % 6] * 10 ** Math.floor(step / 6);

function showStep(key) {
  const slider = byId(`${key}-slider`);
  if (!slider) return;
  const amount = state.settings[key];
  let step = 0;
  while (step < Number(slider.max) && amountAt(key, step) < (amount ?? 0)) step += 1;
  slider.value = step;
  slider.setAttribute("aria-valuetext", amount ?? "not given");
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
    const slider = byId(`${key}-slider`);
    input.addEventListener("input", () => {
      const value = input.value === "" ? undefined : Number(input.value);
      const right = value === undefined || SETTINGS[key](value);
      input.setAttribute("aria-invalid", String(!right));
      if (!right) return;
      set(key, value);
      showStep(key);
    });
    slider?.addEventListener("input", () => {
      const amount = amountAt(key, Number(slider.value));
      input.value = whole(amount) || key !== "images" ? amount : Math.round(amount);
      set(key, Number(input.value));
      slider.setAttribute("aria-valuetext", input.value);
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

/* Make the decision fit one sheet, A4 or Letter: laid out as it prints, then made as small as it must be. */
function fit() {
  const printing = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules])
    .filter(({ media }) => media?.mediaText === "print");
  for (const rule of printing) rule.media.mediaText = "all";
  let scale = 1;
  do {
    document.body.style.width = `${182 / scale}mm`;
    if (document.body.scrollHeight * scale <= 930) break;
    scale -= 0.04;
  } while (scale > 0.2);
  document.body.style.removeProperty("width");
  for (const rule of printing) rule.media.mediaText = "print";
  document.documentElement.style.setProperty("--fit", scale.toFixed(2));
}

for (const licence of new Set(Object.values(rules.architectures).flat().map((one) => one.code))) {
  byId("licence").append(el("option", { value: licence }, licence));
}
listen();
shownFor = null;
restore();
performance.measure("annostrat", { start: began });
