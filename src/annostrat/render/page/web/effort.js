/* Counts and published rates become hours, weeks and money: the same as effort.py, held to the same results by a test.
   Work is the seconds for one unit at three ends, hands-on and paid, which is with quality assurance. */
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

const manyTimes = (work, factor) =>
  ({ handsOn: scaled(work.handsOn, factor), paid: scaled(work.paid, factor), open: work.open && factor > 0 });

/* At each end one of two works: the lesser or the greater. */
function picked(one, other, better) {
  const works = one.paid.map((paid, end) => (better(paid, other.paid[end]) ? one : other));
  const of = (key) => works.map((work, end) => work[key][end]);
  return { handsOn: of("handsOn"), paid: of("paid"), open: works[2].open };
}
const atMost = (one, other) => picked(one, other, (mine, its) => mine <= its);
const atLeast = (one, other) =>
  ({ ...picked(one, other, (mine, its) => mine >= its), open: one.open || other.open });

/* The alternatives that serve the same purpose: certain, and without a change of the tree's first question. */
const comparable = (rules, alternatives) =>
  alternatives.filter(({ certain, change }) => certain && !(rules.start.question in change)).map(({ strategy }) => strategy);

/* What each strategy takes, the first one being the recommended one if `decided`; settings are a use case's. */
function estimate(rules, answers, settings, strategies, decided) {
  const { rates, quality_share: shares, week_hours: week } = rules.effort;
  const { images, objects_per_image: objects, surfaces, hourly_rate: hourly, unit_price: unitPrice, annotators = 1,
    classes = 1, seconds_per_label: timed } = settings;
  const chosen = decided ? strategies[0] : null;
  const quality = endsOf(shares).map((share) => settings.qa_share ?? share);
  const moneyFrom = hourly !== undefined ? "hourly_rate" : unitPrice !== undefined ? "unit_price" : null;

  const unitsOf = (unit) => {
    if (unit === "object") return objects === undefined ? null : images * objects;
    return unit === "class" ? images * classes : images;
  };
  const withQuality = (seconds, included = false) => {
    const [low, typical] = seconds.map((value, end) => value * (1 + quality[end]));
    const high = seconds[2] * (included ? 1 : 1 + quality[2]);
    return [low, typical, Math.max(typical, high)];
  };
  const isAssisted = (rate) => Boolean(rate.assisted && (!rate.outlines || isAssisted(rates[rate.outlines])));
  const publishedOf = (rate, assisted) => {
    const found = (assisted && rate.assisted) || rate.seconds;
    return found
      ? { handsOn: endsOf(found), paid: withQuality(endsOf(found), rate.high_includes_quality), open: found.open_end } : null;
  };
  const mapOf = (strategy, published, outline) => {
    const most = rates[strategy].most_objects ?? Infinity;
    const scene = { ...published, open: published.open || (objects ?? 0) > most };
    const apart = Boolean(rules.strategies[strategy].tells_apart);
    const given = [objects, surfaces].filter((count) => count !== undefined);
    let work = apart ? atLeast(scene, manyTimes(outline, objects ?? 0)) : scene;
    if (given.length > Number(apart) && !settings.full_scene) {
      work = atMost(manyTimes(outline, given.reduce((one, other) => one + other, 0)), work);
    }
    return [work, work.paid[1] === scene.paid[1] ? "full_scene" : "outlines"];
  };
  const workOf = (strategy, assisted) => {
    const rate = rates[strategy];
    const work = publishedOf(rate, assisted);
    if (work && rate.each_image) {
      const floor = endsOf(rate.each_image);
      const look = { handsOn: floor, paid: withQuality(floor), open: rate.each_image.open_end };
      return [atLeast(work, manyTimes(look, 1 / classes)), null];
    }
    const outline = rate.outlines ? publishedOf(rates[rate.outlines], assisted) : null;
    return work && outline ? mapOf(strategy, work, outline) : [work, null];
  };
  const paceOf = () => {
    if (timed === undefined || !chosen || !rates[chosen]) return null;
    const [work] = workOf(chosen, Boolean(settings.assistance) && isAssisted(rates[chosen]));
    return { strategy: chosen, seconds: timed, ratio: work && work.handsOn[1] >= 0.001 ? timed / work.handsOn[1] : null };
  };
  const pace = paceOf();
  const atOwnPace = (work, own) => {
    if (!pace) return work;
    const seconds = [pace.seconds, pace.seconds, pace.seconds];
    if (own) return { handsOn: seconds, paid: withQuality(seconds), open: false };
    return work && pace.ratio ? manyTimes(work, pace.ratio) : work;
  };
  const moneyOf = (strategy, units, hours) => {
    if (hourly !== undefined) return times(hours, hourly);
    if (unitPrice === undefined || strategy !== chosen || units === null) return null;
    return amount([units, units, units], unitPrice);
  };
  const line = (strategy) => {
    const rate = rates[strategy];
    const assisted = Boolean(settings.assistance) && isAssisted(rate);
    const own = Boolean(pace) && strategy === chosen;
    const [work, basis] = workOf(strategy, assisted);
    const paid = atOwnPace(work, own);
    const units = unitsOf(rate.unit);
    const hours = paid && units !== null ? amount(paid.paid, units / 3600, paid.open) : null;
    const byHand = " No time for correcting what a model draws was published, so this is by hand.";
    return {
      strategy,
      unit: rate.unit,
      units,
      basis: own ? null : basis,
      assisted: assisted && !own,
      own_pace: own,
      hours: rounded(hours),
      weeks: rounded(times(hours, 1 / (annotators * week))),
      money: rounded(moneyOf(strategy, units, hours)),
      note: rate.note + (settings.assistance && !assisted && !own && rate.seconds ? byHand : ""),
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
    const part = endsOf(found.share).map((share, end) => endsOf(whole)[end] * share);
    const hours = amount(endsOf(base).map((value, end) => value + part[end]), 1, base.open_end || whole.open_end);
    return hours.typical < whole.typical
      ? { text: found.text, hours: rounded(hours), instead_of: whole, sources: found.sources } : null;
  };
  return {
    strategies: strategies.filter((strategy) => strategy in rates).map(line),
    plan: chosen ? plan() : null,
    pace,
    money_from: moneyFrom,
    currency: settings.currency ?? null,
  };
}
