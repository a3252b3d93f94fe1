import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { snakeCase } from '../common/names';
import { isKnown, isRecord, sameValue, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import type { Field } from '../schema/define/shape';
import type { Hash } from './private-state';

/**
 * Notices changed secrets without keeping them: private state holds a salted slow hash of each. See decision 9. A secret that is
 * null may be ignored or removed, and nobody can tell which; so it never changes anything.
 */
const cost = { N: 2048, r: 8, p: 1 } as const;
const slowHash = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

/** The names of the attributes of one secret. */
interface Secret {
  readonly name: string;
  readonly plain: string;
  readonly version: string;
  readonly revision: string;
}

const secretsOf = (fields: readonly Field[]): Secret[] =>
  fields.flatMap(({ name, facts: { rotation } }) =>
    rotation
      ? [{ name, plain: snakeCase(rotation.plain), version: snakeCase(rotation.version), revision: snakeCase(rotation.revision) }]
      : [],
  );

type Hashes = Readonly<Record<string, Hash>>;

/** What a plan knows besides the values it plans. */
export interface RotationPlan {
  readonly config: ValueRecord;
  /** What is in state; none for a create. */
  readonly prior: ValueRecord | undefined;
  readonly hashes: Hashes;
  /** Whether something else of the object changes. */
  readonly changes: boolean;
}

/** The planned revision counters: one higher where a secret is not the one that was sent last. */
export async function planRevisions(fields: readonly Field[], plan: RotationPlan): Promise<Record<string, Value>> {
  const entries = secretsOf(fields).map(async (secret) => [secret.revision, await revisionOf(secret, plan)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function revisionOf({ name, plain, version, revision }: Secret, plan: RotationPlan): Promise<Value> {
  const { config, prior } = plan;
  const secret = config[name] ?? null;
  const before = prior?.[revision] ?? null;
  if (secret === null) return (config[plain] ?? null) === null ? before : null;
  if (!prior) return 1;
  const current = typeof before === 'number' ? before : 0;
  if ((config[version] ?? null) !== null) return current === 0 ? 1 : before;
  // Not judged at plan; when the object changes anyway, apply will know more and may say otherwise.
  if (!isKnown(secret)) return plan.changes ? UNKNOWN : before;
  return (await matches(plan.hashes[name], secret)) ? before : current + 1;
}

/** What is planned, with the revisions that were left open now decided by the configuration. */
export async function settleRevisions(fields: readonly Field[], planned: ValueRecord, plan: RotationPlan): Promise<ValueRecord> {
  const open = fields.filter(({ facts }) => facts.rotation && planned[snakeCase(facts.rotation.revision)] === UNKNOWN);
  return open.length === 0 ? planned : { ...planned, ...(await planRevisions(open, plan)) };
}

/** One write of an object, as far as its secrets go. */
export interface SecretWrite {
  readonly config: ValueRecord;
  readonly prior: ValueRecord | undefined;
  readonly planned: ValueRecord;
  readonly hashes: Hashes;
}

/** The secrets that a write brings: all of a create, and those whose revision or version was planned to change. */
export function secretsSent(fields: readonly Field[], { config, prior, planned }: SecretWrite): ValueRecord {
  const rises = ({ version, revision }: Secret): boolean =>
    !prior || [version, revision].some((name) => !sameValue(prior[name] ?? null, planned[name] ?? null));
  return Object.fromEntries(
    secretsOf(fields)
      .filter((secret) => (config[secret.name] ?? null) !== null && rises(secret))
      .map(({ name }) => [name, config[name] ?? null]),
  );
}

/** The secrets of a configuration that are the ones that were sent last. */
export async function secretsKept(fields: readonly Field[], { config, hashes }: SecretWrite): Promise<ValueRecord> {
  const entries = secretsOf(fields).map(async ({ name }) => [name, await matches(hashes[name], config[name] ?? null)] as const);
  const known = (await Promise.all(entries)).filter(([, same]) => same);
  return Object.fromEntries(known.map(([name]) => [name, config[name] ?? null]));
}

/** The hashes to keep after a write: those of what it sent, and those of what it did not touch. */
export async function hashesAfter(fields: readonly Field[], write: SecretWrite): Promise<Hashes> {
  const { planned, hashes } = write;
  const sent = secretsSent(fields, write);
  const entries = secretsOf(fields).map(async ({ name, version, revision }) => {
    const secret = sent[name];
    if ((planned[version] ?? null) !== null) return [name, undefined] as const;
    if (isSecret(secret)) return [name, await hashOf(secret)] as const;
    return [name, (planned[revision] ?? null) === null ? undefined : hashes[name]] as const;
  });
  return Object.fromEntries((await Promise.all(entries)).flatMap(([name, hash]) => (hash ? [[name, hash] as const] : [])));
}

/** Names of the attributes whose change sends the secret again. */
export function revisionNames(fields: readonly Field[]): ReadonlySet<string> {
  return new Set(secretsOf(fields).flatMap(({ version, revision }) => [version, revision]));
}

/** A secret is a text, or several by name. */
const isSecret = (value: Value | undefined): value is string | ValueRecord =>
  value !== undefined && (typeof value === 'string' || isRecord(value)) && isKnown(value);

const textOf = (secret: string | ValueRecord): string =>
  typeof secret === 'string' ? secret : JSON.stringify(Object.entries(secret).sort(([a], [b]) => (a < b ? -1 : 1)));

async function hashOf(secret: string | ValueRecord): Promise<Hash> {
  const salt = randomBytes(16);
  const hash = await slowHash(textOf(secret), salt, 32, cost);
  return { salt: salt.toString('base64'), hash: hash.toString('base64') };
}

// Once per process and secret: core plans an instance twice in an apply.
const known = new Map<string, Promise<Buffer>>();

async function matches(stored: Hash | undefined, secret: Value): Promise<boolean> {
  if (!stored || !isSecret(secret)) return false;
  const text = textOf(secret);
  const cacheKey = `${stored.salt}\u0000${text}`;
  const hash = known.get(cacheKey) ?? slowHash(text, Buffer.from(stored.salt, 'base64'), 32, cost);
  known.set(cacheKey, hash);
  const expected = Buffer.from(stored.hash, 'base64');
  const actual = await hash;
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
