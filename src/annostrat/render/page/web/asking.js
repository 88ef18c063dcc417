/* The question's card, and the list of answers; both are buttons that lead on. */
/* The card of the question, or of the end. */
function asked(outcome) {
  const question = asking();
  const controls = el("p", { class: "controls" },
    el("button", { type: "button", onclick: back, disabled: !Object.keys(state.answers).length && !state.picked },
      "Back ", el("kbd", { "aria-hidden": "true" }, "b")),
    el("button", { type: "button", onclick: restart, disabled: !Object.keys(state.answers).length }, "Start over"));
  if (question === null) {
    const end = outcome.strategy ? "All that matters is answered." : "All that can be known is answered.";
    return [el("h2", { id: "asked", tabindex: -1 }, end),
      el("p", {}, "Change any answer below, or read on for the reasons, the models and the effort."), controls];
  }
  const { ask, why, help, example, answers } = rules.questions[question];
  const left = mostQuestions(rules, state.answers) - (question in state.answers ? 0 : 1);
  const hint = outcome.ask_next?.question === question ? settles(rules, outcome.ask_next) : "";
  const current = state.answers[question];
  const choice = ([id, title, meaning], key) => el("li", {}, el("button", {
    type: "button", class: "choice", "data-answer": id, "aria-pressed": id === current ? "true" : null,
    onclick: () => answer(question, id),
  }, el("kbd", { "aria-hidden": "true" }, key), el("span", {}, strong(title), el("span", {}, meaning))));
  const unknown = [UNKNOWN, "I do not know", "Every way that stays possible is kept open."];
  return [
    el("p", { class: "kicker" }, `${questionOf(rules, question)} \u00b7 ${left > 0 ? `at most ${left} more` : "the last one"}`),
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
