import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { snakeCase } from '../common/names';
import { isKnown, isRecord, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import type { Field } from '../schema/shape';
import type { PrivateState } from './provider';

/** Notices changed secrets without keeping them: private state holds a salted slow hash of each. See decision 9. */
interface Stored {
  readonly [name: string]: { readonly salt: string; readonly hash: string };
}

const cost = { N: 2048, r: 8, p: 1 } as const;
const slowHash = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

const rotating = (fields: readonly Field[]): { name: string; version: string; revision: string }[] =>
  fields.flatMap(({ name, facts }) =>
    facts.rotation ? [{ name, version: snakeCase(facts.rotation.version), revision: snakeCase(facts.rotation.revision) }] : [],
  );

/** What a plan knows besides the values it plans. */
export interface RotationPlan {
  readonly config: ValueRecord;
  /** What is in state; none for a create. */
  readonly prior: ValueRecord | undefined;
  readonly private: PrivateState;
  /** Whether something else of the object changes. */
  readonly changes: boolean;
}

/** The planned revision counters: one higher where a secret is not the one that was sent last. */
export async function planRevisions(fields: readonly Field[], plan: RotationPlan): Promise<Record<string, Value>> {
  const secrets = rotating(fields);
  if (secrets.length === 0) return {};
  const stored = parse(plan.private);
  const entries = secrets.map(async ({ name, version, revision }) => {
    const secret = plan.config[name] ?? null;
    const before = plan.prior?.[revision] ?? null;
    if (secret === null) return [revision, null] as const;
    if (!plan.prior) return [revision, 1] as const;
    const current = typeof before === 'number' ? before : 0;
    if ((plan.config[version] ?? null) !== null) return [revision, current === 0 ? 1 : before] as const;
    // Not judged at plan; when the object changes anyway, apply will know more and may say otherwise.
    if (!isKnown(secret)) return [revision, plan.changes ? UNKNOWN : before] as const;
    return [revision, (await matches(stored[name], secret)) ? before : current + 1] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The revisions after an apply: those planned, and for one left open, whether the secret was a new one. */
export async function settleRevisions(
  fields: readonly Field[],
  plan: RotationPlan & { readonly planned: ValueRecord },
): Promise<Record<string, Value>> {
  const open = fields.filter(({ facts }) => facts.rotation && plan.planned[snakeCase(facts.rotation.revision)] === UNKNOWN);
  return planRevisions(open, { ...plan, changes: false });
}

/** The private state after the secrets of a configuration were sent. */
export async function rememberSecrets(fields: readonly Field[], config: ValueRecord): Promise<PrivateState> {
  const entries = rotating(fields).flatMap(({ name, version }) => {
    const secret = config[name];
    return isSecret(secret) && (config[version] ?? null) === null ? [{ name, secret: textOf(secret) }] : [];
  });
  if (entries.length === 0) return new Uint8Array();
  const stored = await Promise.all(
    entries.map(async ({ name, secret }) => {
      const salt = randomBytes(16);
      const hash = await slowHash(secret, salt, 32, cost);
      return [name, { salt: salt.toString('base64'), hash: hash.toString('base64') }] as const;
    }),
  );
  return Buffer.from(JSON.stringify(Object.fromEntries(stored)));
}

/** Names of the attributes whose change sends the secret again. */
export function revisionNames(fields: readonly Field[]): ReadonlySet<string> {
  return new Set(rotating(fields).flatMap(({ version, revision }) => [version, revision]));
}

/** A secret is a text, or several by name. */
const isSecret = (value: Value | undefined): value is string | ValueRecord =>
  value !== undefined && (typeof value === 'string' || isRecord(value)) && isKnown(value);

const textOf = (secret: string | ValueRecord): string =>
  typeof secret === 'string' ? secret : JSON.stringify(Object.entries(secret).sort(([a], [b]) => (a < b ? -1 : 1)));

// Once per process and secret: core plans an instance twice in an apply.
const known = new Map<string, Promise<Buffer>>();

async function matches(stored: Stored[string] | undefined, secret: Value): Promise<boolean> {
  if (!stored || !isSecret(secret)) return false;
  const text = textOf(secret);
  const cacheKey = `${stored.salt}\u0000${text}`;
  const hash = known.get(cacheKey) ?? slowHash(text, Buffer.from(stored.salt, 'base64'), 32, cost);
  known.set(cacheKey, hash);
  const expected = Buffer.from(stored.hash, 'base64');
  const actual = await hash;
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function parse(bytes: PrivateState): Stored {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored;
  } catch {
    return {};
  }
}
