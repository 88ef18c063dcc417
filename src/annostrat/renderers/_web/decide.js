/* Rules and answers become a recommendation: the same functions as engine.py, held to the same results by a test. */
function decide(rules, answers) {
  const given = {};
  for (const question of rules.relevant) if (question in answers) given[question] = answers[question];
  const remaining = possible(rules, given);
  const chosen = remaining.length === 1 ? remaining[0] : null;
  return {
    answers: given,
    decided: chosen !== null,
    strategy: chosen,
    path: path(rules, given, chosen),
    candidates: chosen ? [] : [...leaves(rules.start, given)],
    ask_next: chosen ? null : askNext(rules, given),
    start_with: chosen ? null : startWith(rules, remaining),
    alternatives: chosen ? alternatives(rules, given, chosen) : [],
    why_not: whyNot(rules, given, remaining),
    second_opinion: secondOpinion(rules, answers, remaining),
    architectures: chosen ? architectures(rules, given, chosen) : [],
    tips: tips(rules, given, chosen, false),
    warnings: [...assumptions(rules, given, chosen), ...tips(rules, given, chosen, true)],
  };
}

/* The warning that a strategy rests on what the tree assumes where an answer is not known. */
function assumptions(rules, answers, chosen) {
  const assumed = Array.from(metQuestions(rules, answers))
    .filter(([question, branches]) => branches.length && answerTo(answers, question) === UNKNOWN)
    .map(([question]) => rules.questions[question].title.toLowerCase());
  if (!chosen || !assumed.length) return [];
  const listed = assumed.join(", ");
  const text = `Not known, and assumed to be as in most projects: ${listed}. An answer may change the strategy.`;
  return [{ text, sources: [] }];
}

/* The candidate whose labels can be turned into those of all others, if there is one. */
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

/* Every change of a single answer that changes the strategy. */
function alternatives(rules, answers, chosen) {
  return rules.order.flatMap((question) =>
    rules.questions[question].offered.filter((answer) => answer !== answers[question]).flatMap((answer) => {
      const then = possible(rules, { ...answers, [question]: answer });
      if (then.includes(chosen)) return [];
      return then.map((strategy) => ({
        strategy, change: { [question]: answer }, certain: then.length === 1, tradeoff: tradeoff(rules, strategy),
      }));
    }));
}

function tradeoff(rules, strategy) {
  const { gives, costs } = rules.strategies[strategy];
  const plain = (text) => text.replace(/\.+$/, "");
  return `You would gain ${plain(gives)}; it would cost ${plain(costs)}.`;
}

/* For each other strategy, the first step of the walk after which no answer could lead to it. */
function whyNot(rules, answers, remaining) {
  const excluded = new Map();
  const decided = {};
  const reasons = new Map(path(rules, answers, null).map((step) => [step.question, step.because]));
  let before = reachable(rules.start, decided);
  for (const [question, branches] of metQuestions(rules, answers)) {
    if (!branches.length) continue;
    const answer = decided[question] = answerTo(answers, question);
    const after = reachable(rules.start, decided);
    for (const strategy of before) {
      if (!after.has(strategy)) {
        excluded.set(strategy, { strategy, because: { [question]: answer }, text: reasons.get(question) });
      }
    }
    before = after;
  }
  return rules.offered.filter((one) => excluded.has(one) && !remaining.includes(one)).map((one) => excluded.get(one));
}

function reachable(node, decided, found = new Set()) {
  const branch = node.branches.get(decided[node.question]);
  for (const [answer, way] of branch ? [[decided[node.question], branch]] : node.branches) {
    if (way.node) reachable(way.node, { ...decided, [node.question]: answer }, found);
    else found.add(way.strategy);
  }
  return found;
}

/* What another rule set says, if it differs or could differ after one more answer. */
function secondOpinion(rules, answers, chosen) {
  const other = rules.second;
  if (!other) return null;
  const differs = (then) => then.length !== chosen.length || then.some((strategy) => !chosen.includes(strategy));
  const either = (strategies) => strategies.map((strategy) => lower(other, strategy)).join(" or ");
  const remaining = possible(other, answers);
  if (differs(remaining)) {
    const last = path(other, answers, null).at(-1).because;
    const text = `The ${other.id} rules would recommend ${either(remaining)}: ${last}`;
    return { rules: other.id, strategies: remaining, question: null, text };
  }
  const question = other.asked;
  if (question in answers) return null;
  for (const answer of other.questions[question].offered) {
    const then = possible(other, { ...answers, [question]: answer });
    if (differs(then)) {
      const said = `with ${question}=${answer} they would recommend ${either(then)}`;
      const ask = `${other.questions[question].ask} (${question})`;
      const text = `The ${other.id} rules need one more answer. ${ask}; ${said}. ${other.because}`;
      return { rules: other.id, strategies: then, question, text };
    }
  }
  return null;
}

function architectures(rules, answers, chosen) {
  const tier = tierOf(rules, answers);
  return rules.architectures[chosen].filter((variant) => !tier || variant.tier === tier);
}

/* The tier that the answers select; null while they leave all open. */
function tierOf(rules, answers) {
  const asked = rules.questions[rules.tier_question];
  return asked?.answers.find(([id]) => id === answers[rules.tier_question])?.[3] ?? null;
}

function tips(rules, answers, chosen, warning) {
  return rules.tips.filter((tip) =>
    Boolean(tip.warning) === warning
    && (!tip.strategies || tip.strategies.includes(chosen))
    && Object.entries(tip.answers ?? {}).every(([question, accepted]) => accepted.includes(answers[question])));
}
