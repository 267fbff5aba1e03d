/**
 * The limit on exemplars.
 *
 * @module
 */

/**
 * "The combined length of the label names and values of an Exemplar's LabelSet MUST NOT exceed 128
 * UTF-8 character code points" (OpenMetrics 1.0): a parser refuses the whole page.
 */
const MAX_CHARACTERS = 128;

/** The labels, in their order, with values cut where the limit is reached. */
export function fitExemplarLabels(
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  const fitting: Record<string, string> = {};
  let left = MAX_CHARACTERS;
  for (const [name, value] of Object.entries(labels)) {
    left -= name.length;
    if (left <= 0) break;
    const characters = [...value.toWellFormed()].slice(0, left);
    fitting[name] = characters.join("");
    left -= characters.length;
  }
  return fitting;
}
