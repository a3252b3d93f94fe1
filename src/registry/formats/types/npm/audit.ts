import { randomUUID } from 'node:crypto';
import { valid, validRange } from 'semver';
import { type Document } from '../../format';
import { isObject, type Json, objectOf } from '../../json';
import { readBody } from './body';
import { answer } from './shown';

/** Whether a path is one that advisories are asked for at. */
export const isAudit = (path: string) => isBulk(path) || /^-\/npm\/v1\/security\/audits(?:\/quick)?$/.test(path);
const isBulk = (path: string) => path === '-/npm/v1/security/advisories/bulk';

type IsPrivate = (name: string) => Promise<boolean>;

/** What the upstream is asked of an audit: nothing that tells the name of a private package. */
export async function auditWithout(path: string, body: Buffer, isPrivate: IsPrivate): Promise<Buffer | Document> {
  const asked = objectOf(readBody(body));
  if (!isBulk(path)) return Buffer.from(JSON.stringify(await treeWithout(asked, isPrivate)));
  const names = Object.keys(asked);
  const hidden = await Promise.all(names.map(isPrivate));
  const told = Object.fromEntries(names.flatMap((name, n) => (hidden[n] ? [] : [[name, asked[name]]])));
  return Object.keys(told).length === 0 ? answer({}) : Buffer.from(JSON.stringify(told));
}

/**
 * The tree of a whole project, as older clients send it. Below a private package there can be public ones, so it stays, under a name that
 * nobody has; of addresses and of the project itself the upstream need not know.
 */
async function treeWithout(tree: Json, isPrivate: IsPrivate): Promise<Json> {
  const aliases = new Map<string, string>();
  for (const name of namesIn(tree)) aliases.set(name, (await isPrivate(name)) ? randomUUID() : name);
  const renamed = (named: Json, change: (value: unknown) => unknown) =>
    Object.fromEntries(Object.entries(named).map(([name, value]) => [aliases.get(name) ?? name, change(value)]));
  // A version or a range can be an address, or the name that an alias stands for.
  const shown = (node: Json): Json => ({
    ...(valid(String(node['version'])) && { version: node['version'] }),
    ...Object.fromEntries(['dev', 'optional', 'bundled'].flatMap((key) => (node[key] === true ? [[key, true]] : []))),
    ...(isObject(node['requires']) && { requires: renamed(node['requires'], (range) => validRange(String(range)) ?? '*') }),
    ...(isObject(node['dependencies']) && { dependencies: renamed(node['dependencies'], (value) => shown(objectOf(value))) }),
  });
  const { version: _of, ...project } = shown(tree);
  return { ...project, ...(isObject(tree['metadata']) && { metadata: tree['metadata'] }) };
}

function namesIn({ requires, dependencies }: Json): string[] {
  const nodes = Object.entries(objectOf(dependencies));
  return [...Object.keys(objectOf(requires)), ...nodes.flatMap(([name, node]) => [name, ...namesIn(objectOf(node))])];
}
