/* Rules and answers become a recommendation: the same functions as engine.py, held to the same results by a test. */
function decide(rules, answers) {
  const given = {};
  for (const question of rules.relevant) if (question in answers) given[question] = answers[question];
  const { status, chosen, candidates: remaining } = standing(rules, given);
  const usual = assuming(rules, given);
  const took = assumed(rules, given, status, remaining);
  return {
    answers: given,
    status,
    decided: status === "decided",
    strategy: chosen,
    path: path(rules, usual, chosen),
    candidates: chosen ? [] : candidates(rules, given),
    assumed: took,
    ask_next: status === "decided" ? null : askNext(rules, given, took),
    start_with: chosen ? null : startWith(rules, remaining),
    alternatives: chosen ? alternatives(rules, given, chosen) : [],
    why_not: whyNot(rules, usual, remaining),
    architectures: chosen ? architectures(rules, given, chosen) : [],
    tips: tips(rules, given, chosen, false),
    warnings: tips(rules, given, chosen, true),
  };
}

/* What answers lead to, and how sure that is. */
function standing(rules, answers) {
  const certain = possible(rules, completing(answers));
  if (certain.length === 1) return { status: "decided", chosen: certain[0], candidates: certain };
  const usual = possible(rules, assuming(rules, answers));
  if (usual.length === 1) return { status: "provisional", chosen: usual[0], candidates: usual };
  return { status: "undecided", chosen: null, candidates: possible(rules, answers) };
}

/* The questions whose usual answer was assumed and that could change a provisional strategy. */
function assumed(rules, answers, status, candidates) {
  if (status !== "provisional") return [];
  const usual = assuming(rules, answers);
  const unknown = Array.from(metQuestions(rules, usual))
    .filter(([question, branches]) => branches.length && usual[question] === UNKNOWN).map(([question]) => question);
  const changing = unknown.filter((question) => rules.questions[question].offered.some(
    (answer) => possible(rules, { ...usual, [question]: answer }).join() !== candidates.join()));
  return changing.length ? changing : unknown;
}

/* The candidate whose labels can be turned into the labels of all others, if there is one. */
function startWith(rules, remaining) {
  for (const strategy of remaining) {
    const how = new Map(rules.strategies[strategy].converts_to);
    const others = remaining.filter((other) => other !== strategy);
    if (others.every((other) => how.has(other))) {
      return { strategy, why: [...new Set(others.map((other) => how.get(other)))].join(" ") };
    }
  }
  return null;
}

/* Every change of a single answer that changes the strategy, that to the last question asked first. */
function alternatives(rules, answers, chosen) {
  return rules.order.toReversed().flatMap((question) =>
    rules.questions[question].offered.filter((answer) => answer !== answers[question]).flatMap((answer) => {
      const then = possible(rules, assuming(rules, { ...answers, [question]: answer }));
      if (then.includes(chosen)) return [];
      return then.map((strategy) => ({
        strategy, beside: [], change: { [question]: answer }, certain: then.length === 1, tradeoff: tradeoff(rules, strategy),
      }));
    }));
}

function tradeoff(rules, strategy) {
  const { gives, costs } = rules.strategies[strategy];
  const plain = (text) => text.replace(/\.+$/, "");
  return `You would have ${plain(gives)}; it would cost ${plain(costs)}.`;
}

/* For each other strategy, the first step of the walk after which no answer could lead to it. */
function whyNot(rules, answers, remaining) {
  const excluded = new Map();
  const decided = {};
  const reasons = new Map(path(rules, answers, null).map((step) => [step.question, step.because]));
  let before = reach(rules.start, ways({}, true)).strategies;
  for (const [question, branches] of metQuestions(rules, answers)) {
    if (!branches.length) continue;
    const answer = decided[question] = answerTo(answers, question);
    const after = reach(rules.start, ways(decided, true)).strategies;
    for (const strategy of before.keys()) {
      if (!after.has(strategy)) {
        excluded.set(strategy, { strategy, because: { [question]: answer }, text: reasons.get(question) });
      }
    }
    before = after;
  }
  return rules.offered.filter((one) => excluded.has(one) && !remaining.includes(one)).map((one) => excluded.get(one));
}

const TIERS_IN_ORDER = ["edge", "gpu", "server"];

function architectures(rules, answers, chosen) {
  const upTo = TIERS_IN_ORDER.indexOf(tierOf(rules, answers));
  return rules.architectures[chosen].filter(({ tier }) => upTo < 0 || TIERS_IN_ORDER.indexOf(tier) <= upTo);
}

/* The tier that the answers select; null while they leave all open. */
function tierOf(rules, answers) {
  const asked = rules.questions[rules.tier_question];
  return asked?.answers.find(([id]) => id === answers[rules.tier_question])?.[3] ?? null;
}

function tips(rules, answers, chosen, warning) {
  return rules.tips.filter((tip) =>
    Boolean(tip.warning) === warning && applies(tip.when ?? {}, tip.unless ?? {}, chosen, answers));
}

/* Whether advice applies; the page knows no field, so what waits for one does not. */
function applies(when, unless, chosen, answers) {
  return (!when.strategies || when.strategies.includes(chosen))
    && !when.domains
    && Object.entries(when.answers ?? {}).every(([asked, accepted]) => accepted.includes(answerTo(answers, asked)))
    && !Object.entries(unless.answers ?? {}).some(([asked, refuting]) => refuting.includes(answerTo(answers, asked)));
}
