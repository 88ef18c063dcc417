/* The page: answers in the fragment, controls that change them, and everything that is shown again for each change. */
const began = performance.now();
const byId = (id) => document.getElementById(id);
const rules = link(JSON.parse(byId("rules").textContent));
rules.architectures = unpacked(rules.architectures);
rules.references = Object.fromEntries(rules.references);
let state = fromFragment(rules, location.hash.slice(1))[0];
let shownFor = null;

function unpacked({ columns, texts, rows }) {
  const variant = (row) => {
    const one = Object.fromEntries(columns.map((column, index) => [column, row[index]]));
    for (const key of ["metric", "code", "weights", "note"]) one[key] = one[key] === null ? null : texts[one[key]];
    return { ...one, sources: one.sources.map((place) => rules.references[place][0]) };
  };
  return Object.fromEntries(Object.entries(rows).map(([strategy, found]) => [strategy, found.map(variant)]));
}

/* The question to ask: the one that was picked, else the first that can change the label, then the models' one. */
const asking = () => state.asking ?? missingQuestions(rules, state.answers)[0] ?? modelsQuestion();

/* Nothing is answered yet, so that nothing is recommended either. */
const isFresh = () => !Object.keys(state.answers).length;

function modelsQuestion() {
  const tier = rules.tier_question;
  return tier && !(tier in state.answers) ? tier : null;
}

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
  state = shownFor === null && !location.hash ? { ...found, ...structuredClone(rules.begins) } : found;
  shownFor = location.hash;
  byId("refused").hidden = !refused.length;
  byId("refused").textContent =
    `This link holds what these rules do not know, which was left out: ${visible(refused.join(", ")).slice(0, 300)}`;
  fillControls();
  show();
}

function show() {
  const outcome = decide(rules, state.answers);
  const remaining = standing(rules, state.answers).candidates;
  byId("asking").replaceChildren(...asked(outcome));
  byId("verdict").replaceChildren(...verdict(rules, outcome, remaining));
  byId("verdict").className = `verdict in-hue ${outcome.status} hue-${outcome.strategy ?? "none"}`;
  document.body.classList.toggle("open", !outcome.strategy);
  document.body.classList.toggle("fresh", isFresh());
  byId("given").replaceChildren(...given());
  byId("reasons").replaceChildren(...reasons(rules, outcome, change).filter(Boolean));
  light(outcome);
  showFigures(outcome, remaining);
  byId("said").textContent = `${headline(rules, outcome, remaining)}.`;
}

/* Whatever depends on counts, prices and licences as well as on answers. */
function showFigures(outcome = decide(rules, state.answers), remaining = standing(rules, state.answers).candidates) {
  const strategies = [...new Set([...remaining, ...outcome.alternatives.map((entry) => entry.strategy)])];
  const estimateOf = (lines) => estimate(rules, state.answers, state.settings, lines, Boolean(outcome.strategy));
  const estimates = new Map(state.settings.images
    ? estimateOf(strategies).strategies.map((line) => [line.strategy, line]) : []);
  const found = state.settings.images
    ? estimateOf([...new Set([...remaining, ...comparable(rules, outcome.alternatives)])]) : null;
  byId("effort").replaceChildren(...(found ? effortShown(rules, found, outcome.strategy, state.settings.assistance)
    : [el("p", { class: "aside" }, "Say how many images there are, to see hours, weeks and money.")]));
  byId("strategies").replaceChildren(...sideBySide(rules, outcome, remaining, estimates));
  byId("models").replaceChildren(...models(rules, outcome.strategy, tierOf(rules, state.answers), byId("licence").value));
  byId("yaml").textContent = asYaml(state, outcome.strategy);
  byId("project").textContent = visible(state.name);
  byId("project").hidden = !state.name.trim();
}

for (const licence of new Set(Object.values(rules.architectures).flat().map((one) => one.code))) {
  byId("licence").append(el("option", { value: licence }, licence));
}
listen();
shownFor = null;
restore();
document.documentElement.classList.add("answering");
byId("asked").focus({ preventScroll: true });
new ResizeObserver(sayWhetherItScrolls).observe(byId("tree"));
performance.measure("annostrat", { start: began });
