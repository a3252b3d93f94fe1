import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Value, ValueRecord } from '../../src/common/value';

/** Two values for attributes that name something outside the definition, which has to be there. */
const files = (): readonly [Value, Value] => {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-hint-'));
  const [one, other] = [join(folder, 'one.txt'), join(folder, 'other.txt')];
  writeFileSync(one, 'one');
  writeFileSync(other, 'other');
  return [one, other];
};
const known = new Map<string, readonly [Value, Value]>();

/** Storage credentials that a server to test on has. */
export const storageKeys = ['hdd', 'ssd'] as const;

const channel = (name: string): ValueRecord => ({
  name,
  url: 'https://upstream.example.com',
  public: true,
  username: null,
  credential_key: null,
});

/** Values that have to agree with another attribute, or that the server has. */
const fixed: Readonly<Record<string, readonly [Value, Value]>> = {
  storage_credentials_key: storageKeys,
  credentials_key: storageKeys,
  'bkrepo_permission.repositories': [['local-packages-referred'], ['local-packages-referred', 'another']],
  'bkrepo_composite_repository.channels': [[channel('one')], [channel('other'), channel('one')]],
  'bkrepo_node_metadata.metadata': [{ stage: 'one' }, { stage: 'two' }],
  visibility: ['PROJECT', 'SYSTEM'],
  'bkrepo_local_repository.type': ['MAVEN', 'NPM'],
  'bkrepo_composite_repository.type': ['MAVEN', 'NPM'],
  'bkrepo_virtual_repository.type': ['MAVEN', 'NPM'],
};

/** Attributes besides the key that have to be unique. */
export const uniqueBesides = (type: string): readonly string[] => (type === 'bkrepo_role' ? ['name'] : []);

/** Attributes that the server never lets change, with tests of their own. */
export const isFixed = (name: string): boolean => name === 'storage_credentials_key';

/** Attributes that cannot be taken back once they are set, with tests of their own. */
export const isLasting = (type: string, name: string): boolean => lasting.has(`${type}.${name}`);
const lasting: ReadonlySet<string> = new Set(['bkrepo_user.asst_users', 'bkrepo_user.password']);

/** Values of an attribute that only a look outside can give; nothing for all others. */
export function outsideValues(type: string, name: string): readonly [Value, Value] | undefined {
  const given = fixed[`${type}.${name}`] ?? fixed[name];
  if (given) return given;
  if (!/_file$/.test(type) || name !== 'source') return undefined;
  const values = known.get(name) ?? files();
  known.set(name, values);
  return values;
}
