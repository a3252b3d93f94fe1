import type { BuiltInRule } from '../../built-in';
import type { CheckedEstate, CheckedResource } from '../../define/model';

/**
 * Two resources declare the same object, so each deploy overwrites what the other one set.
 *
 * @bad
 * new RemoteNpm(this, 'one', { name: 'npm', baseUrl: 'https://npm.example.com', blocklist: ['^@acme/'] });
 * new RemoteNpm(this, 'two', { name: 'npm', baseUrl: 'https://npm.example.org', blocklist: ['^@acme/'] });
 * @good
 * new RemoteNpm(this, 'one', { name: 'npm', baseUrl: 'https://npm.example.com', blocklist: ['^@acme/'] });
 * new RemoteNpm(this, 'two', { name: 'npm-org', baseUrl: 'https://npm.example.org', blocklist: ['^@acme/'] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Declare it once, and refer to it elsewhere, or rename one.',
  checkResource(resource, { estate, report }) {
    const [first] = identityOf(resource) === undefined ? [] : (groupsOf(estate).get(identityOf(resource) ?? '') ?? []);
    if (first && first !== resource) {
      const where = first.stack === resource.stack ? first.address : `${first.address} of the stack "${first.stack.name}"`;
      report(`${resource.label} is declared by ${where} too`);
    }
  },
};

const known = new WeakMap<CheckedEstate, ReadonlyMap<string, readonly CheckedResource[]>>();

function groupsOf(estate: CheckedEstate): ReadonlyMap<string, readonly CheckedResource[]> {
  const made = known.get(estate);
  if (made) return made;
  const groups = new Map<string, CheckedResource[]>();
  for (const resource of estate.resources) {
    const identity = identityOf(resource);
    if (identity !== undefined) groups.set(identity, [...(groups.get(identity) ?? []), resource]);
  }
  known.set(estate, groups);
  return groups;
}

/** Remotes and locals of ArtifactAPI have their names in common, whatever their package types, as have all repositories of a BK-Repo project. */
const family = (type: string): string =>
  type.replace(/^artifactapi_(?:remote|local)_(?!file$).*/, 'artifactapi').replace(/^bkrepo_[a-z]+_repository$/, 'bkrepo_repository');

const identityOf = ({ identity, server, type }: CheckedResource): string | undefined =>
  identity === undefined ? undefined : JSON.stringify([server, family(type), identity]);
