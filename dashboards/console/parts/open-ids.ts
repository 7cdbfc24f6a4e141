const SEPARATOR = ',';

/** What an address has open under a name. */
export function openIn(parameter: string | undefined): readonly string[] {
  return parameter === undefined ? [] : parameter.split(SEPARATOR);
}

/** The parameter after one of its ids was opened or closed; undefined once none is open. */
export function toggled(parameter: string | undefined, id: string): string | undefined {
  const open = openIn(parameter);
  const next = open.includes(id) ? open.filter((other) => other !== id) : [...open, id];
  return next.length === 0 ? undefined : next.join(SEPARATOR);
}
