/* Walks through a decision tree, three-valued: the same functions as walks.py, held to the same results by a test. */
const UNKNOWN = "unknown";

function link(rules) {
  rules.node = new Map(rules.nodes.map(({ id, ask }) => [id, { id, question: ask, branches: new Map() }]));
  for (const { id, branches } of rules.nodes) {
    for (const [when, because, strategy, go] of branches) {
      const branch = { because, strategy, node: go === null ? null : rules.node.get(go) };
      for (const answer of when) rules.node.get(id).branches.set(answer, branch);
    }
  }
  rules.start = rules.node.get(rules.nodes[0].id);
  lookBelow(rules.start);
  rules.order = [...new Set(rules.nodes.map(({ ask }) => ask))];
  rules.repeats = [...rules.node.values()].some((node) =>
    [...node.branches.values()].some((branch) => branch.node?.below?.has(node.question)));
  for (const question of Object.values(rules.questions)) question.offered = question.answers.map(([id]) => id);
  return rules;
}

function lookBelow(node) {
  if (!node.below) {
    node.below = new Set([node.question]);
    for (const { node: next } of node.branches.values()) {
      if (next) lookBelow(next).forEach((question) => node.below.add(question));
    }
  }
  return node.below;
}

const answerTo = (answers, question) => answers[question] ?? UNKNOWN;

/* Answers with `unknown` for every question that has none, so that usual answers are assumed. */
const assuming = (rules, answers) => ({ ...Object.fromEntries(rules.order.map((one) => [one, UNKNOWN])), ...answers });
/* Answers without those that are `unknown`, so that nothing is assumed. */
const completing = (answers) => Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== UNKNOWN));
/* The answers that settle a node's question, with their branches. */
const offeredAt = (node) => [...node.branches].filter(([answer]) => answer !== UNKNOWN);

/* The branches that stay open at a node, as [assumed answer or null, branch]. */
function openBranches(node, answers, assumed) {
  const branch = node.branches.get(answers[node.question] ?? assumed[node.question])
    ?? node.branches.get(assumed[node.question]);
  return branch ? [[null, branch]] : offeredAt(node);
}

const along = (assumed, question, answer) => (answer === null ? assumed : { ...assumed, [question]: answer });

function* leaves(node, answers, assumed = {}) {
  for (const [answer, branch] of openBranches(node, answers, assumed)) {
    const known = along(assumed, node.question, answer);
    if (branch.node) yield* leaves(branch.node, answers, known);
    else yield { strategy: branch.strategy, if: known };
  }
}

/* The strategies that the answers leave possible, in the rules' order. */
function possible(rules, answers) {
  const reached = rules.repeats
    ? new Set(Array.from(leaves(rules.start, answers), (leaf) => leaf.strategy))
    : ends(rules.start, answers);
  return rules.offered.filter((strategy) => reached.has(strategy));
}

/* The ends of open paths in a tree that asks nothing twice: no assumption can conflict. */
function ends(start, answers) {
  const found = new Set();
  const seen = new Set([start]);
  for (const node of seen) {
    const way = node.branches.get(answers[node.question]);
    for (const branch of way ? [way] : offeredAt(node).map(([, branch]) => branch)) {
      if (branch.node) seen.add(branch.node);
      else found.add(branch.strategy);
    }
  }
  return found;
}

/* Open paths as [question to answers, strategy]; answers that share a branch share a row. */
function* mergedPaths(node, answers, given = {}) {
  const settled = node.branches.get(answers[node.question]);
  for (const branch of new Set(settled ? [settled] : offeredAt(node).map(([, branch]) => branch))) {
    const sharing = offeredAt(node).map(([answer]) => answer).filter((answer) => node.branches.get(answer) === branch);
    const words = sharing.filter((answer) => (given[node.question] ?? sharing).includes(answer));
    const known = settled ? given : { ...given, [node.question]: words };
    if (!words.length && !settled) continue;
    if (branch.node) yield* mergedPaths(branch.node, answers, known);
    else yield [known, branch.strategy];
  }
}

/* The questions met on open paths, in the order of the walk, each with its branches; none at a fork. */
function metQuestions(rules, answers) {
  const met = new Map();
  const go = (node, assumed) => {
    for (const [answer, branch] of openBranches(node, answers, assumed)) {
      if (!met.has(node.question)) met.set(node.question, []);
      const taken = met.get(node.question);
      if (answer === null && !taken.some((other) => same(other, branch))) taken.push(branch);
      if (branch.node) go(branch.node, along(assumed, node.question, answer));
    }
  };
  go(rules.start, {});
  return met;
}

const same = (one, other) =>
  one.because === other.because && one.strategy === other.strategy && one.node === other.node;

/* The questions without an answer that can still change the strategy, in the order of the walk. */
const openQuestions = (rules, answers) =>
  [...metQuestions(rules, answers).keys()].filter(
    (question) => answerTo(answers, question) === UNKNOWN && matters(rules, answers, question));

function matters(rules, answers, question) {
  const given = rules.questions[question].offered.map((answer) => ({ ...answers, [question]: answer }));
  const start = { node: rules.start, strategy: null };
  return given.some((one, index) =>
    given.slice(index + 1).some((other) => differ([[start, one], [start, other]], question, {})));
}

/* Whether two walks whose answers differ in one question can end differently; they assume the same of all else. */
function differ(walks, question, assumed) {
  const [[one], [other]] = walks;
  if (!one.node && !other.node) return one.strategy !== other.strategy;
  if (one.node === other.node && !one.node.below.has(question)) return false;
  const first = one.node ? 0 : 1;
  const [{ node }, answers] = walks[first];
  return openBranches(node, answers, assumed).some(([answer, way]) =>
    differ(walks.with(first, [way, answers]), question, along(assumed, node.question, answer)));
}

/* The questions whose answer is missing and can still change the strategy, in the order of the walk. */
const missingQuestions = (rules, answers) => openQuestions(rules, answers).filter((question) => !(question in answers));

/* How many questions of the tree may still have to be asked at most, whatever is answered to each. */
function mostQuestions(rules, answers) {
  const most = (node) => {
    const answered = node.branches.get(answers[node.question]);
    if (answered) return answered.node ? most(answered.node) : 0;
    const below = [...node.branches.values()].filter((branch) => branch.node).map((branch) => most(branch.node));
    if (!node.branches.has(UNKNOWN)) {
      const missing = offeredAt(node).flatMap(([, branch]) => (branch.node ? [...branch.node.below] : []));
      below.push(new Set(missing.filter((question) => !(question in answers) && question !== node.question)).size);
    }
    return (node.question in answers ? 0 : 1) + Math.max(0, ...below);
  };
  return most(rules.start);
}

/* The questions met on open paths, each with its answer and the reason to go on. */
function path(rules, answers, chosen) {
  const fork = chosen
    ? `Not known, and it need not be: every answer leads to ${lower(rules, chosen)}.`
    : "Not known yet, so every answer stays open.";
  const forks = [];
  return Array.from(metQuestions(rules, answers), ([question, branches]) => {
    if (!branches.length) forks.push(rules.questions[question].title.toLowerCase());
    const because = branches.length ? reason(branches, forks) : fork;
    return { question, answer: answerTo(answers, question), because };
  });
}

function reason(branches, forks) {
  if (new Set(branches.map(({ because }) => because)).size === 1) return branches[0].because;
  return `What follows depends on what is not known: ${forks.join(", ")}.`;
}

/* The question whose answers leave the fewest strategies on average; one answered `unknown` only where all are. */
function askNext(rules, answers) {
  let best = null;
  for (const question of openQuestions(rules, answers)) {
    const left = rules.questions[question].offered.map(
      (answer) => possible(rules, { ...answers, [question]: answer }).length);
    const rank = [question in answers ? 1 : 0, left.reduce((sum, count) => sum + count) / left.length];
    if (best === null || rank[0] < best.rank[0] || (rank[0] === best.rank[0] && rank[1] < best.rank[1])) {
      best = { rank, question, settles: [left.filter((count) => count === 1).length, left.length] };
    }
  }
  return best && { question: best.question, settles: best.settles };
}

const lower = (rules, strategy) => rules.strategies[strategy].title.toLowerCase();
