import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Value } from '../../src/common/value';

/** Two values for attributes that name something outside the definition, which has to be there. */
const files = (): readonly [Value, Value] => {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-hint-'));
  const [one, other] = [join(folder, 'one.txt'), join(folder, 'other.txt')];
  writeFileSync(one, 'one');
  writeFileSync(other, 'other');
  return [one, other];
};
const known = new Map<string, readonly [Value, Value]>();

/** Values of an attribute that only a look outside can give; nothing for all others. */
export function outsideValues(type: string, name: string): readonly [Value, Value] | undefined {
  if (!/_file$/.test(type) || name !== 'source') return undefined;
  const values = known.get(name) ?? files();
  known.set(name, values);
  return values;
}
