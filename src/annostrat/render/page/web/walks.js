/* Three-valued walks through a decision tree: the functions of knowledge/tree.py and recommendation/paths.py, held to
   the same results by a test. */
const UNKNOWN = "unknown";

function link(rules) {
  const linked = rules.nodes.map(({ id, ask }, place) => ({ id, place, question: ask, branches: new Map(), below: null }));
  rules.nodes.forEach(({ branches }, place) => {
    for (const [when, because, strategy, go] of branches) {
      const branch = { because, strategy, node: go === null ? null : linked[go] };
      for (const answer of when) linked[place].branches.set(answer, branch);
    }
  });
  [rules.start] = linked;
  rules.node = new Map(linked.map((node) => [node.id, node]));
  lookBelow(rules.start);
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

/* What answers leave open at a node: [[answer, branch]], just one where the node has a branch for the answer. */
const ways = (answers, withUnknown = false) => (node) => {
  const answer = answers[node.question];
  if (node.branches.has(answer)) return [[answer, node.branches.get(answer)]];
  return withUnknown ? [...node.branches] : offeredAt(node);
};

/* The nodes and strategies that can be reached, in the order of the tree, each with the answers that first do. */
function reach(start, openAt) {
  const nodes = new Map();
  const strategies = new Map();
  const go = ({ strategy, node }, answers) => {
    if (!node) {
      if (!strategies.has(strategy)) strategies.set(strategy, answers);
    } else if (!nodes.has(node)) {
      nodes.set(node, answers);
      for (const [answer, branch] of openAt(node)) go(branch, { ...answers, [node.question]: answer });
    }
  };
  go({ node: start }, {});
  return { nodes, strategies };
}

/* The strategies that the answers leave possible, in the rules' order. */
function possible(rules, answers) {
  const { strategies } = reach(rules.start, ways(answers));
  return rules.offered.filter((strategy) => strategies.has(strategy));
}

/* Branches with the answers that share them. */
function answersByBranch(open) {
  const found = new Map();
  for (const [answer, branch] of open) found.set(branch, [...(found.get(branch) ?? []), answer]);
  return found;
}

/* Open paths as [question to answers, strategy], without what is answered; answers that share a branch share a row. */
function* mergedPaths(rules, answers, node = rules.start, given = {}) {
  const { question } = node;
  for (const [branch, words] of answersByBranch(ways(answers)(node))) {
    const known = { ...given, [question]: words };
    if (branch.node) yield* mergedPaths(rules, answers, branch.node, known);
    else yield [notAnswered(known, answers), branch.strategy];
  }
}

const notAnswered = (row, answers) =>
  Object.fromEntries(Object.entries(row).filter(([question, words]) => words.join() !== answers[question]));

/* Open paths as strategies with the answers that lead there; of too many, the first one to each strategy. */
const MOST_WAYS = 200;
function candidates(rules, answers) {
  const rows = [];
  for (const row of mergedPaths(rules, answers)) if (rows.push(row) > MOST_WAYS) break;
  const first = rows.length > MOST_WAYS ? Array.from(reach(rules.start, ways(answers)).strategies, ([strategy, way]) =>
    [notAnswered(Object.fromEntries(Object.entries(way).map(([one, word]) => [one, [word]])), answers), strategy]) : rows;
  return first.map(([when, strategy]) => ({ strategy, when }));
}

/* The questions met on open paths, in the order of the walk, each with its branches; none at a fork. */
function metQuestions(rules, answers) {
  const met = new Map();
  for (const node of reach(rules.start, ways(answers)).nodes.keys()) {
    if (!met.has(node.question)) met.set(node.question, []);
    const taken = met.get(node.question);
    const branch = node.branches.get(answers[node.question]);
    if (branch && !taken.some((other) => same(other, branch))) taken.push(branch);
  }
  return met;
}

const same = (one, other) => one.because === other.because && sameEnd(one, other);
const sameEnd = (one, other) => one.strategy === other.strategy && one.node === other.node;

/* The questions without an answer that can still change the strategy, in the order of the walk. */
const openQuestions = (rules, answers) =>
  [...metQuestions(rules, answers).keys()].filter(
    (question) => answerTo(answers, question) === UNKNOWN && matters(rules, answers, question));

function matters(rules, answers, question) {
  const after = rules.questions[question].offered.map((word) => possible(rules, { ...answers, [question]: word }));
  if (new Set(after.map((left) => left.join())).size > 1) return true;
  if (after[0].length === 1) return false;
  const openAt = ways(answers);
  return [...reach(rules.start, openAt).nodes.keys()].some((node) => node.question === question
    && offeredAt(node).some(([, one], index) =>
      offeredAt(node).slice(index + 1).some(([, other]) => differ(one, other, openAt, question))));
}

/* Whether two walks that answer all questions alike can end differently: `together` of knowledge/tree.py. */
function differ(one, other, openAt, apartFrom, given = {}, equal = new Set()) {
  if (sameEnd(one, other)) return false;
  if (!one.node && !other.node) return true;
  const below = new Set([...one.node?.below ?? [], ...other.node?.below ?? []]);
  const known = Object.fromEntries(Object.entries(given).filter(([question]) => below.has(question)));
  const place = [placeOf(one), placeOf(other), JSON.stringify(known)].join();
  if (equal.has(place)) return false;
  const first = !other.node || (one.node && asksFirst(one.node, other.node)) ? one : other;
  const found = openAt(first.node).some(([answer, branch]) => {
    if ((given[first.node.question] ?? answer) !== answer) return false;
    const then = first.node.question === apartFrom ? known : { ...known, [first.node.question]: answer };
    const pair = first === one ? [branch, other] : [one, branch];
    return differ(...pair, openAt, apartFrom, then, equal);
  });
  if (!found) equal.add(place);
  return found;
}

const asksFirst = (one, other) => !other.below.has(one.question) || one.below.has(other.question);
const placeOf = ({ strategy, node }) => node?.place ?? strategy;

/* The questions whose answer is missing and can still change the strategy, in the order of the walk. */
const missingQuestions = (rules, answers) => openQuestions(rules, answers).filter((question) => !(question in answers));

/* How many questions of the tree may still have to be asked at most, whatever is answered to each. */
function mostQuestions(rules, answers) {
  const known = new Map([[null, 0]]);
  const most = (node) => {
    if (!known.has(node)) known.set(node, count(node));
    return known.get(node);
  };
  const count = (node) => {
    const answered = node.branches.get(answers[node.question]);
    if (answered) return most(answered.node);
    const below = [...node.branches.values()].map((branch) => most(branch.node));
    if (!node.branches.has(UNKNOWN)) {
      const missing = offeredAt(node).flatMap(([, branch]) => (branch.node ? [...branch.node.below] : []));
      below.push(new Set(missing.filter((question) => !(question in answers) && question !== node.question)).size);
    }
    return (node.question in answers ? 0 : 1) + Math.max(...below);
  };
  return most(rules.start);
}

/* The questions met on open paths, each with its answer and the reason for what follows. */
function path(rules, answers, chosen) {
  const fork = chosen
    ? `Not known, but that does not matter: every answer leads to ${lower(rules, chosen)}.`
    : "Not known yet, so every answer stays open.";
  const forks = [];
  return Array.from(metQuestions(rules, answers), ([question, branches]) => {
    if (!branches.length) forks.push(rules.questions[question].title.toLowerCase());
    const [answer, because] = [answerTo(answers, question), branches.length ? reason(branches, forks) : fork];
    const assumed = answer === UNKNOWN && branches.some((branch) => isUsual(rules, branch));
    return { question, answer, because: assumed ? `Assumed for now: ${because}` : because };
  });
}

/* Whether a branch is that of an answer too, rather than of `unknown` alone. */
const isUsual = (rules, branch) =>
  [...rules.node.values()].some((node) => offeredAt(node).some(([, offered]) => same(offered, branch)));

function reason(branches, forks) {
  if (new Set(branches.map(({ because }) => because)).size === 1) return branches[0].because;
  return `What follows depends on what is not known: ${forks.join(", ")}.`;
}

/* The question whose answers leave the fewest strategies on average; one answered `unknown` only where all are. If any
   of the questions `among` is open, it is one of these. */
function askNext(rules, answers, among) {
  let best = null;
  const open = Array.from(openQuestions(rules, answers)), chosen = open.filter((question) => among.includes(question));
  for (const question of chosen.length ? chosen : open) {
    const left = rules.questions[question].offered.map(
      (answer) => possible(rules, { ...answers, [question]: answer }).length);
    const rank = [question in answers ? 1 : 0, left.reduce((sum, count) => sum + count) / left.length];
    if (best === null || rank[0] < best.rank[0] || (rank[0] === best.rank[0] && rank[1] < best.rank[1])) {
      const settledBy = rules.questions[question].offered.filter((_, index) => left[index] === 1);
      best = { rank, question, settles: [settledBy.length, left.length], settled_by: settledBy };
    }
  }
  return best && { question: best.question, settles: best.settles, settled_by: best.settled_by };
}

const lower = (rules, strategy) => rules.strategies[strategy].title.toLowerCase();
