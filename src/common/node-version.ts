const oldest = [20, 19];

/** The oldest supported Node. */
export const oldestNode = oldest.join('.');

/** Why this Node cannot run this package; nothing if it can. In old syntax, so that an old Node gets as far as the message. */
export function nodeProblem(version: string): string | undefined {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  const major = parts[0] || 0;
  const minor = parts[1] || 0;
  if (major > oldest[0]! || (major === oldest[0] && minor >= oldest[1]!)) return undefined;
  return (
    'repoform needs Node ' +
    oldestNode +
    ' or newer, and this is Node ' +
    version.replace(/^v/, '') +
    '; install a newer one from https://nodejs.org'
  );
}
