/* What the page shows of an outcome; every text becomes a text node, and none is ever read as markup. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElementNS(tag in SVG ? "http://www.w3.org/2000/svg" : document.body.namespaceURI, tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value || value === 0) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => child || child === 0));
  return node;
}
const SVG = { svg: 1, g: 1, line: 1, circle: 1, text: 1, tspan: 1, use: 1 };
const picture = (strategy) => el("svg", { class: "scene", viewBox: "0 0 120 80", "aria-hidden": "true" }, el("use", { href: `#scene-${strategy}` }));
const list = (kind, items, tag = "ul") => el(tag, { class: kind }, items.map((item) => el("li", {}, item)));
const section = (title, ...parts) => {
  const shown = parts.flat().filter(Boolean);
  return shown.length ? el("section", {}, el("h2", {}, title), shown) : null;
};
const strong = (text) => el("strong", {}, text);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const titleOf = (rules, strategy) => rules.strategies[strategy].title;
const questionOf = (rules, question) => rules.questions[question].title;
const answerOf = (rules, question, answer) =>
  rules.questions[question].answers.find(([id]) => id === answer)?.[1] ?? "Not known";
const said = (rules, pairs, joint = ", ") => Object.entries(pairs).map(([question, answers]) =>
  `${questionOf(rules, question)}: ${[answers].flat().map((one) => lower1(answerOf(rules, question, one))).join(" or ")}`)
  .join(joint);
const lower1 = (text) => text.charAt(0).toLowerCase() + text.slice(1);

/* Links to what a claim comes from. */
function cited(rules, sources) {
  if (!sources.length) return null;
  const links = sources.map((id) => source(rules, id, id)).flatMap((link, index) => (index ? [", ", link] : [link]));
  return el("span", { class: "cited" }, links);
}

function source(rules, id, text) {
  const url = rules.references[id];
  return url ? el("a", { href: url, title: id }, text) : text;
}

function headline(rules, outcome, remaining) {
  if (outcome.strategy) return titleOf(rules, outcome.strategy) + (outcome.decided ? "" : ", provisionally");
  return remaining.length > MOST_NAMED ? `Undecided: ${remaining.length} labels are still possible`
    : `Undecided: ${remaining.map((strategy) => lower(rules, strategy)).join(" or ")}`;
}

const MOST_NAMED = 4;

function provisional(rules, { assumed, ask_next: ask }) {
  const titles = assumed.map((question) => questionOf(rules, question).toLowerCase());
  const settle = ask ? ` ${rules.questions[ask.question].ask}${settles(rules, ask)}` : "";
  return `Provisional: ${titles.join(" and ")} ${titles.length === 1 ? "is" : "are"} not known.${settle}`;
}

/* Which answers to the next question settle the strategy, as a sentence. */
function settles(rules, { question, settles: [settled, offered], settled_by: ids }) {
  const which = ids.map((id) => `"${answerOf(rules, question, id)}"`);
  if (!settled) return "";
  if (settled === offered) return " Every answer settles the strategy.";
  if (settled > 3) return ` ${settled} of its ${offered} answers settle the strategy.`;
  return settled > 1
    ? ` The answers ${which.slice(0, -1).join(", ")} and ${which.at(-1)} settle the strategy.`
    : ` The answer ${which[0]} settles the strategy.`;
}

function verdict(rules, outcome, remaining) {
  const { label, summary, when_not: whenNot } = outcome.strategy ? rules.strategies[outcome.strategy] : {};
  if (isFresh()) return [el("p", {}, "Answer the question, and the label to draw is shown here.")];
  const start = outcome.start_with;
  const lines = outcome.strategy
    ? [el("p", {}, `Draw: ${label}`), outcome.decided ? null : el("p", {}, provisional(rules, outcome)), el("p", {}, summary), el("p", { class: "brief" }, whenNot)]
    : [start && el("p", {}, strong("To start today: "),
      `label 20 images for ${lower(rules, start.strategy)}; these labels can become the others. ${start.why}`)];
  return [outcome.strategy && picture(outcome.strategy),
    el("p", { class: "answer" }, headline(rules, outcome, remaining)), ...lines].filter(Boolean);
}

function reasons(rules, outcome, change) {
  if (isFresh()) return [];
  const tip = (entry) => [entry.text, " ", cited(rules, entry.sources)];
  const steps = outcome.path.map((step) =>
    [strong(`${questionOf(rules, step.question)}: ${lower1(answerOf(rules, step.question, step.answer))}.`), step.because]);
  const open = outcome.candidates.map(({ when, strategy }) =>
    [strong(titleOf(rules, strategy)), ` if ${said(rules, when)}`]);
  return [
    section("Take care", outcome.warnings.length && list("cautions", outcome.warnings.map(tip))),
    section("Why", list("steps", steps, "ol")),
    section("What is still possible", open.length && list("points", open)),
    section("Why not", outcome.why_not.length && list("points", grouped(outcome.why_not).map(([titles, entry]) =>
      [strong(`${capital(titles.map((one) => lower(rules, one)).join(", "))}: `), entry.text]))),
    section("What would change it", outcome.alternatives.length && list("changes", changes(rules, outcome, change))),
    section("Tips", outcome.tips.length && list("points", outcome.tips.map(tip))),
  ];
}

/* Strategies that the same answer excluded, together. */
function grouped(entries) {
  const byReason = new Map();
  for (const entry of entries) {
    if (!byReason.has(entry.text)) byReason.set(entry.text, [[], entry]);
    byReason.get(entry.text)[0].push(entry.strategy);
  }
  return [...byReason.values()];
}

/* Each other strategy with buttons that try the changes that lead to it. */
function changes(rules, outcome, change) {
  const byStrategy = Map.groupBy(outcome.alternatives, (entry) => entry.strategy);
  return Array.from(byStrategy, ([strategy, entries]) => [
    strong(titleOf(rules, strategy)), " ", entries[0].tradeoff,
    el("span", { class: "tries" }, entries.map(({ change: pair, certain }) =>
      el("button", { type: "button", class: "quiet", onclick: () => change(pair) },
        `${said(rules, pair)}${certain ? "" : " (perhaps)"}`))),
  ]);
}

/* Strategies side by side: those in question first. */
function sideBySide(rules, outcome, remaining, estimates) {
  const others = outcome.alternatives.map((entry) => entry.strategy);
  const first = [...new Set([...remaining, ...others])];
  const rest = rules.offered.filter((strategy) => !first.includes(strategy));
  const column = (strategy) => {
    const text = rules.strategies[strategy];
    const claims = (entries) => list("points", entries.map(([claim, ...sources]) => [claim, " ", cited(rules, sources)]));
    const conversions = text.converts_to.map(([other, how, loses]) =>
      [strong(`${titleOf(rules, other)}: `), `${how} Lost: ${lower1(loses)}`]);
    const chosen = strategy === outcome.strategy;
    return el("article", { class: `strategy in-hue hue-${strategy}${chosen ? " chosen" : ""}` }, picture(strategy),
      el("h3", {}, text.title, chosen && el("span", { class: "tag" }, "recommended")),
      el("div", {}, el("h4", {}, "Label"), el("p", {}, text.label)),
      el("div", {}, el("h4", {}, "Effort"), el("p", {}, rateInWords(rules.effort.rates[strategy]), " ", cited(rules, rateSources(rules.effort.rates[strategy]))),
        estimates.get(strategy)?.hours && el("p", {}, strong(`${hoursInASentence(estimates.get(strategy).hours)} in all`))),
      el("div", {}, el("h4", {}, "For it"), claims(text.benefits)),
      el("div", {}, el("h4", {}, "Against it"), claims(text.drawbacks)),
      el("div", {}, el("h4", {}, "The wrong choice"), el("p", {}, text.when_not)),
      el("div", {}, el("h4", {}, "Can be turned into"), conversions.length ? list("points", conversions) : el("p", {}, "Nothing.")));
  };
  return [
    el("div", { ...ROW, "aria-label": "Strategies in question" }, first.map(column)),
    rest.length && el("details", {}, el("summary", {}, `The other ${rest.length}`),
      el("div", { ...ROW, "aria-label": "Other strategies" }, rest.map(column))),
  ].filter(Boolean);
}

const ROW = { class: "strategies", role: "region", tabindex: 0 };

function rateInWords(rate) {
  if (!rate) return "Not known.";
  const figures = [[rate.seconds, rate.unit, ""], [rate.each_image, "image", " at least"],
    [rate.assisted, rate.unit, " when correcting what a model draws"]];
  const parts = figures.filter(([interval]) => interval).map(([{ low, typical, high, open_end: open }, unit, how]) =>
    `${seconds(typical)} (${seconds(low)} to ${seconds(high)}${open ? " or more" : ""}) per ${unit}${how}`);
  return capital(parts.join("; ") || "no time published");
}
const rateSources = (rate) =>
  [...new Set([rate?.seconds, rate?.assisted, rate?.each_image].flatMap((figure) => figure?.sources ?? []))];
const seconds = (value) => (value < 120 ? `${Number(value.toPrecision(3))} s` : `${Math.round(value / 60)} min`);

/* Amounts in words, as effort_words.py has them: the typical value, then its interval. */
function number(value) {
  if (value >= 9.95) return value.toLocaleString("en", { maximumFractionDigits: 0 });
  return value >= 0.1 ? value.toFixed(1) : String(Number(value.toPrecision(1)));
}
const isBelow = ({ high, open_end: open }, limit) => high * (open ? 2 : 1) < limit;
function amountInWords(found, open = "+") {
  const more = found.open_end ? open : "";
  return found.low === found.high ? [`${number(found.typical)}${more}`]
    : [number(found.typical), `${number(found.low)} to ${number(found.high)}${more}`];
}
const LITTLE = "under an hour";
const hoursInWords = (found, open) => (isBelow(found, 1) ? [LITTLE] : amountInWords(found, open));
const weeksInWords = (found, week) => (isBelow(found, 8 / week) ? ["less than a day"] : amountInWords(found));
function hoursInASentence(found, interval = true) {
  const [typical, ends] = hoursInWords(found, " or more");
  if (typical === LITTLE) return typical;
  return ends && interval ? `${typical} hours (${ends})` : `${typical} hours`;
}
const reckonedFrom = ({ basis }) =>
  ({ full_scene: "full scene, every pixel", outlines: "outlines of what is named",
    surfaces: "objects, and all surfaces" }[basis] ?? "");

/* A table that scrolls by itself where the page is too narrow; numbers are on the right. */
function table(title, columns, rows, numbers) {
  const kind = (index) => ({ class: numbers.includes(index) ? "number" : null });
  return el("div", { class: "wide", role: "region", "aria-label": title, tabindex: 0 }, el("table", {},
    el("thead", {}, el("tr", {}, columns.map((column, index) => el("th", { scope: "col", ...kind(index) }, column)))),
    el("tbody", {}, rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, first),
      rest.map((cell, index) => el("td", kind(index + 1), cell)))))));
}

const TIERS = { edge: "CPU or a small device", gpu: "One GPU", server: "A server or cluster" };

/* The catalogue for the strategy, by tier, under some licences. */
function models(rules, strategy, tier, licence) {
  if (!strategy) return [el("p", { class: "aside" }, "They follow from the strategy, once that is decided.")];
  const allowed = (variant) => !licence || (licence === "permissive" ? variant.permissive : variant.code === licence);
  const upTo = Object.keys(TIERS).indexOf(tier); // a larger budget also runs what is lighter
  const shownTiers = Object.entries(TIERS).filter((_, index) => !tier || index <= upTo);
  return (tier ? shownTiers.reverse() : shownTiers).map(([id, title]) => {
    const all = rules.architectures[strategy].filter((variant) => variant.tier === id);
    const shown = all.filter(allowed).map((one) => modelRow(rules, one));
    const none = all.length ? "None under this licence." : `None known. ${rules.strategies[strategy].gaps[id] ?? ""}`;
    return el("div", { class: "tier" }, el("h3", {}, title),
      shown.length ? table(title, MODEL_COLUMNS, shown, [1, 2, 3, 4]) : el("p", {}, none));
  });
}
const MODEL_COLUMNS = ["Model", "Year", "M params", "GFLOPs", "Accuracy", "Licence", "Sources"];

function modelRow(rules, one) {
  const size = (value) => (value === null ? "?" : String(Number(value.toPrecision(3))));
  return [
    [one.title, one.overtaken ? el("small", {}, "overtaken since") : null],
    String(one.year), size(one.params_m), size(one.gflops),
    one.metric ? [one.value.toFixed(1), el("small", {}, one.metric)] : "not published",
    [one.code === one.weights ? one.code : `${one.code}; weights ${one.weights}`, one.note ? el("small", {}, one.note) : null],
    el("span", { class: "plain" }, one.sources.flatMap((id, index) => [index ? " " : "", source(rules, id, `${index + 1}`)])),
  ];
}

/* What labelling takes: intervals on one scale, and the same as a table with weeks and money. */
function effortShown(rules, found, chosen, assistance) {
  const money = found.money_from && "Wages";
  const cell = (parts) => (parts ? [parts[0], parts[1] ? el("small", {}, parts[1]) : null] : "unknown");
  const columns = ["Label", "Hours", "Weeks", ...(money ? [[money, found.currency].filter(Boolean).join(", ")] : [])];
  const rows = found.strategies.map((line) => [
    [titleOf(rules, line.strategy), reckonedFrom(line) ? el("small", {}, reckonedFrom(line)) : null],
    cell(line.hours && hoursInWords(line.hours)),
    cell(line.weeks && weeksInWords(line.weeks, rules.effort.week_hours)),
    ...(money ? [cell(line.money && amountInWords(line.money))] : []),
  ]);
  if (found.side_by_side) {
    const { strategies: parts, hours, weeks, money: cost } = found.side_by_side;
    rows.splice(1, 0, [
      [capital(parts.map((part) => lower(rules, part)).join(" plus ")), el("small", {}, "each drawn by itself")],
      cell(hours && hoursInWords(hours)), cell(weeks && weeksInWords(weeks, rules.effort.week_hours)),
      ...(money ? [cell(cost && amountInWords(cost))] : []),
    ]);
  }
  const known = found.strategies.filter((line) => line.hours);
  const notes = [...openEnds(known), ...missing(rules, found.strategies), ...withoutSurfaces(rules, found),
    ...(assistance ? byHand(rules, known) : []), ...planShown(rules, found.plan)];
  return [known.length ? chart(rules, known, chosen) : null, table("What labelling takes", columns, rows, [1, 2, 3]),
    notes.length ? list("points", notes) : null].filter(Boolean);
}

const openEnds = (known) => (known.some(({ hours }) => hoursInWords(hours).at(-1).endsWith("+"))
  ? ["A + means at least: the published figures end there, and harder images take longer."] : []);
function withoutSurfaces(rules, { strategies, surfaces }) {
  const maps = strategies.filter(({ basis }) => surfaces === null && basis === "outlines");
  return maps.length ? [`${capital(maps.map(({ strategy }) => lower(rules, strategy)).join(" and "))}: `
    + "surfaces such as sky or road are not in these hours."] : [];
}
const missing = (rules, lines) => lines
  .filter((line) => !line.hours || line.unit === "class")
  .map((line) => [strong(`${titleOf(rules, line.strategy)}: `),
    line.units === null ? "say how many objects an image shows for an estimate." : line.note]);
function byHand(rules, known) {
  const unknown = known.filter((line) => !line.assisted).map(({ strategy }) => lower(rules, strategy));
  return unknown.length
    ? [`No time for correcting what a model draws was published for ${unknown.join(" and ")}, so the hours given are for drawing by hand.`] : [];
}
const planShown = (rules, plan) => (plan
  ? [[strong(`On a smaller budget, ${hoursInASentence(plan.hours)} instead of ${hoursInASentence(plan.instead_of, false)}: `),
    plan.text, " ", cited(rules, plan.sources)]] : []);

function chart(rules, lines, chosen) {
  const most = Math.max(...lines.map(({ hours }) => hours.high)) || 1;
  const x = (value) => `${1 + 97 * value / most}%`;
  const bars = lines.map(({ strategy, hours }) => el("div", { class: strategy === chosen ? "bar main" : "bar" },
    el("p", {}, `${titleOf(rules, strategy)} `, el("span", { class: "said" }, hoursInASentence(hours))),
    el("svg", { width: "100%", height: 20 },
      el("line", { x1: x(hours.low), x2: x(hours.high), y1: 10, y2: 10 }), el("circle", { cx: x(hours.typical), cy: 10, r: 6 }))));
  return el("figure", { "aria-hidden": "true" }, el("div", { class: "chart" }, bars));
}
