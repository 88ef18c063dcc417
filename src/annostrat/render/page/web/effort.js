/* Counts and published rates become hours, weeks and money: the same as effort.py, held to the same results by a test.
   Work is the paid seconds for one unit at three ends, which are with quality assurance, and whether the end is open. */
const endsOf = ({ low, typical, high }) => [low, typical, high];
const scaled = (values, factor) => values.map((value) => value * factor);
const amount = (values, factor, open = false) => {
  const [low, typical, high] = scaled(values, factor);
  return { low, typical, high, open_end: open && factor > 0 };
};
const times = (found, factor) => found && amount(endsOf(found), factor, found.open_end);

/* To two decimals, as Python rounds: the exact value decides, and of two as near the even one is taken. */
function rounded(found) {
  const round = (value) => {
    const tie = Number.isInteger(value * 8) && !Number.isInteger(value * 4);
    return tie ? 2 * Math.round(value * 50) / 100 : Number(value.toFixed(2));
  };
  return found && { ...amount(endsOf(found).map(round), 1), open_end: found.open_end };
}

const manyTimes = (work, factor) => ({ paid: scaled(work.paid, factor), open: work.open && factor > 0 });
const partOf = (work, shares) => ({ ...work, paid: work.paid.map((paid, end) => paid * shares[end]) });
const both = (one, other) =>
  ({ paid: one.paid.map((paid, end) => paid + other.paid[end]), open: one.open || other.open });

/* At each end the better of two works; the high end is open if it was in the work that it comes from. */
const picked = (one, other, better) => ({
  paid: one.paid.map((paid, end) => (better(paid, other.paid[end]) ? paid : other.paid[end])),
  open: (better(one.paid[2], other.paid[2]) ? one : other).open,
});
const atMost = (one, other) => picked(one, other, (mine, its) => mine <= its);
const atLeast = (one, other) =>
  ({ ...picked(one, other, (mine, its) => mine >= its), open: one.open || other.open });

/* The alternatives that serve the same purpose: certain, and without a change of the tree's first question. */
const comparable = (rules, alternatives) =>
  alternatives.filter(({ certain, change }) => certain && !(rules.start.question in change)).map(({ strategy }) => strategy);

/* What each strategy takes, the first one being the recommended one if `decided`; settings are a use case's. */
function estimate(rules, answers, settings, strategies, decided) {
  const { rates, quality_share: shares, week_hours: week } = rules.effort;
  const { images, objects_per_image: objects, surfaces, hourly_rate: hourly, annotators = 1 } = settings;
  const chosen = decided ? strategies[0] : null;
  const quality = endsOf(shares);

  const unitsOf = (unit) => (unit !== "object" ? images : objects === undefined ? null : images * objects);
  const withQuality = (seconds, included = false) => {
    const [low, typical] = seconds.map((value, end) => value * (1 + quality[end]));
    const high = seconds[2] * (included ? 1 : 1 + quality[2]);
    return [low, typical, Math.max(typical, high)];
  };
  const isAssisted = (rate) => Boolean(rate.assisted && (!rate.outlines || isAssisted(rates[rate.outlines])));
  const publishedOf = (rate, assisted) => {
    const found = (assisted && rate.assisted) || rate.seconds;
    return found ? { paid: withQuality(endsOf(found), rate.high_includes_quality), open: found.open_end } : null;
  };
  const partsOf = (strategy) => (strategy && rules.strategies[strategy].combines) ?? [];
  const mapOf = (strategy, published, outline, elsewhere) => {
    const most = rates[strategy].most_objects ?? Infinity;
    const scene = { ...published, open: published.open || (objects ?? 0) > most };
    const apart = Boolean(rules.strategies[strategy].tells_apart);
    const beside = partOf(scene, endsOf(rates[strategy].surfaces));
    const whole = elsewhere ? beside : objects === undefined ? scene : both(beside, manyTimes(outline, objects));
    const greatest = apart ? atLeast(whole, scene) : atMost(whole, scene);
    const given = [elsewhere ? undefined : objects, surfaces].filter((count) => count !== undefined);
    const needed = (apart || partsOf(chosen).length) && !elsewhere ? 2 : 1;
    let work = apart ? whole : greatest;
    if (given.length >= needed) {
      work = atMost(manyTimes(outline, given.reduce((one, other) => one + other, 0)), greatest);
      if (work.paid[1] < greatest.paid[1]) return [work, "outlines"];
    }
    return [work, work.paid[1] === scene.paid[1] ? "full_scene" : "surfaces"];
  };
  const workOf = (strategy, assisted, elsewhere) => {
    const rate = rates[strategy];
    const work = publishedOf(rate, assisted);
    if (work && rate.each_image) {
      return [atLeast(work, { paid: withQuality(endsOf(rate.each_image)), open: rate.each_image.open_end }), null];
    }
    const outline = rate.outlines ? publishedOf(rates[rate.outlines], assisted) : null;
    return work && outline ? mapOf(strategy, work, outline, elsewhere) : [work, null];
  };
  const line = (strategy, elsewhere = false) => {
    const rate = rates[strategy];
    const assisted = Boolean(settings.assistance) && isAssisted(rate);
    const [work, basis] = workOf(strategy, assisted, elsewhere);
    const units = unitsOf(rate.unit);
    const hours = work && units !== null ? amount(work.paid, units / 3600, work.open) : null;
    const byHand = " No time for correcting what a model draws was published, so this is by hand.";
    return {
      strategy,
      unit: rate.unit,
      units,
      basis,
      assisted,
      hours: rounded(hours),
      weeks: rounded(times(hours, 1 / (annotators * week))),
      money: rounded(hourly === undefined ? null : times(hours, hourly)),
      note: rate.note + (settings.assistance && !assisted && rate.seconds ? byHand : ""),
    };
  };
  const plan = () => {
    const found = rules.effort.plans.find(({ for_: strategy, unless }) => strategy === chosen
      && !Object.entries(unless).some(([question, words]) => words.includes(answers[question])));
    if (!found) return null;
    const coarse = found.coarse_seconds ?? 0;
    const base = found.all ? line(found.all).hours : amount(withQuality([coarse, coarse, coarse]), images / 3600);
    const whole = line(chosen).hours;
    if (!base || !whole) return null;
    const most = endsOf(whole);
    const part = endsOf(found.share).map((share, end) => most[end] * share);
    const ends = endsOf(base).map((value, end) => Math.min(value + part[end], most[end]));
    const hours = amount(ends, 1, base.open_end || whole.open_end);
    return hours.typical < whole.typical
      ? { text: found.text, hours: rounded(hours), instead_of: whole, sources: found.sources } : null;
  };
  const added = (amounts) => (amounts.every(Boolean)
    ? rounded({ ...amount([0, 1, 2].map((end) => amounts.reduce((sum, one) => sum + endsOf(one)[end], 0)), 1),
      open_end: amounts.some(({ open_end: open }) => open) }) : null);
  const sideBySide = (parts) => {
    const lines = parts.map((part) => line(part, rates[part].unit !== "object"));
    return { strategies: parts, ...Object.fromEntries(["hours", "weeks", "money"].map((what) =>
      [what, added(lines.map((one) => one[what]))])) };
  };
  const parts = partsOf(chosen);
  return {
    strategies: strategies.filter((strategy) => strategy in rates).map((strategy) => line(strategy)),
    side_by_side: parts.length && parts.every((part) => rules.offered.includes(part)) ? sideBySide(parts) : null,
    surfaces: surfaces ?? null,
    plan: chosen ? plan() : null,
    money_from: hourly === undefined ? null : "hourly_rate",
    currency: settings.currency ?? null,
  };
}
