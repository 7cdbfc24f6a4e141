const FLOOR = [20, 19] as const;

/** A sentence where this Node is older than the floor in package.json; undefined where it will do. */
export function complaintAboutNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1])) return undefined;
  return `Throughline needs Node ${FLOOR.join('.')} or newer, and this is ${version}: install a newer one, then start again`;
}
