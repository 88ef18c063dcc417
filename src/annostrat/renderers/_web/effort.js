/* Counts and published rates become hours, weeks and money: the same as effort.py, held to the same results by a test. */
const ENDS = ["low", "typical", "high"];
const range = (value) => Object.fromEntries(ENDS.map((end) => [end, value(end)]));
const times = (amount, factor) => amount && range((end) => amount[end] * factor);

/* To two decimals, as Python rounds: the exact value decides, and of two as near the even one is taken. */
function rounded(amount) {
  return amount && range((end) => {
    const value = amount[end];
    const tie = Number.isInteger(value * 8) && !Number.isInteger(value * 4);
    return tie ? 2 * Math.round(value * 50) / 100 : Number(value.toFixed(2));
  });
}

/* What each strategy takes, the first one being the recommended one if `decided`; settings are a use case's. */
function estimate(rules, answers, settings, strategies, decided) {
  const { rates, quality_share: published, week_hours: week } = rules.effort;
  const { images, objects_per_image: objects, hourly_rate: hourly, unit_price: unitPrice, annotators = 1 } = settings;
  const chosen = decided ? strategies[0] : null;
  const quality = range((end) => settings.qa_share ?? published[end]);
  const moneyFrom = hourly !== undefined ? "hourly_rate" : unitPrice !== undefined ? "unit_price" : "list_price";

  const unitsOf = (unit) => {
    if (unit === "object") return objects === undefined ? null : images * objects;
    return unit === "class" ? images * (settings.classes || 1) : images;
  };
  const withQuality = (seconds, units, highIncluded = false) => {
    if (units === null) return null;
    const share = highIncluded ? { ...quality, high: 0 } : quality;
    const hours = range((end) => units * seconds[end] * (1 + share[end]) / 3600);
    return { ...hours, high: Math.max(hours.typical, hours.high) };
  };
  const hoursOf = (rate, assisted) => {
    const seconds = assisted ? rate.assisted : rate.seconds;
    return seconds ? withQuality(seconds, unitsOf(rate.unit), rate.high_includes_quality && !assisted) : null;
  };
  const savedOf = (rate) => {
    const byHand = hoursOf(rate, false);
    const corrected = rate.assisted ? hoursOf(rate, true) : null;
    if (!byHand || !corrected) return null;
    const saved = (end) => Math.max(0, byHand.typical - corrected[end]);
    return { low: saved("high"), typical: saved("typical"), high: saved("low") };
  };
  const moneyOf = (strategy, rate, hours) => {
    if (hourly !== undefined) return times(hours, hourly);
    const { price } = rate;
    const units = unitsOf(unitPrice !== undefined ? rate.unit : price?.per);
    if (unitPrice !== undefined) {
      return strategy !== chosen || units === null ? null : range(() => units * unitPrice);
    }
    if (!price || units === null) return null;
    return times({ low: price.low, typical: (price.low + price.high) / 2, high: price.high }, units);
  };
  const line = (strategy) => {
    const rate = rates[strategy];
    const hours = hoursOf(rate, Boolean(settings.assistance && rate.assisted));
    return {
      strategy,
      units: unitsOf(rate.unit),
      hours: rounded(hours),
      hours_saved: rounded(savedOf(rate)),
      weeks: rounded(times(hours, 1 / (annotators * week))),
      money: rounded(moneyOf(strategy, rate, hours)),
      note: rate.note,
    };
  };
  const plan = () => {
    const found = rules.effort.plans.find(({ for_: strategy, when }) =>
      strategy === chosen
      && Object.entries(when).every(([question, words]) => words.includes(answers[question])));
    if (!found) return null;
    const base = found.all
      ? line(found.all).hours
      : withQuality(range(() => found.coarse_seconds ?? 0), unitsOf("image"));
    const { hours } = line(chosen);
    const sum = base && hours && range((end) => base[end] + hours[end] * found.share[end]);
    return { text: found.text, hours: rounded(sum), sources: found.sources };
  };
  return {
    strategies: strategies.filter((strategy) => strategy in rates).map(line),
    plan: chosen ? plan() : null,
    money_from: moneyFrom,
    currency: moneyFrom === "list_price" ? "USD" : settings.currency ?? null,
  };
}
