/* Light up the way through the drawing: what is taken, what stays open, and where the current question is. */
function light(outcome) {
  const nodes = new Map();
  const lit = new Map();
  const mark = (marks, key, sure) => marks.set(key, marks.get(key) || sure);
  const answers = outcome.strategy ? assuming(rules, outcome.answers) : outcome.answers;
  const openAt = ways(answers);
  const seen = new Map();
  const go = (node, sure) => {
    if (seen.get(node) || (seen.has(node) && !sure)) return;
    seen.set(node, sure);
    mark(nodes, node.id, sure);
    const certain = sure && node.branches.has(answers[node.question]);
    for (const [, branch] of openAt(node)) {
      for (const [answer, other] of node.branches) if (other === branch) mark(lit, `${node.id} ${answer}`, certain);
      if (branch.node) go(branch.node, certain);
    }
  };
  go(rules.start, true);
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
  const end = here[0] ?? [...tree.querySelectorAll(".node.met")].at(-1);
  if (end) requestAnimationFrame(() => bringUp(tree, end));
  for (const way of tree.querySelectorAll(".way, .line")) {
    const found = way.dataset.answer.split(" ").map((answer) => lit.get(`${at(way)} ${answer}`));
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

function sayWhetherItScrolls() {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = byId("tree");
  byId("scrolls").hidden = scrollWidth <= clientWidth && scrollHeight <= clientHeight;
}

const at = (shape) => shape.closest("[data-node]").dataset.node;
