import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type AttributePath, attributeName } from '../common/diagnostic';
import { snakeCase } from '../common/names';
import { isKnown, isList, isRecord, sameValue, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import { isUnset } from '../schema/api/unset';
import { type Branch, elementKeyOf, partnersIn, search } from '../schema/api/walk';
import type { Field, Shape } from '../schema/define/shape';
import type { Hash } from './private-state';

/**
 * Detects changed secrets without storing them: private state holds a salted slow hash of each. See decision 9. A secret that is
 * null may be ignored or removed, which cannot be distinguished, so it never changes anything.
 */
const cost = { N: 2048, r: 8, p: 1 } as const;
const slowHash = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

/** The names of the attributes of one secret; a write-only attribute without the others is sent with each write. */
interface Secret {
  readonly name: string;
  readonly companions: { readonly plain: string; readonly version: string; readonly revision: string } | undefined;
}

const secretOf = ({ name, facts: { rotation } }: Field): Secret => ({
  name,
  companions: rotation && {
    plain: snakeCase(rotation.plain),
    version: snakeCase(rotation.version),
    revision: snakeCase(rotation.revision),
  },
});

const secretsIn = search(({ facts }) => facts.writeOnly === true);

type Hashes = Readonly<Record<string, Hash>>;

/** The values that a secret stands in: those of the whole object, or of one nested in it. */
interface Values {
  readonly config: ValueRecord;
  /** The prior state; none for a create and for a new element. */
  readonly prior: ValueRecord | undefined;
  readonly planned: ValueRecord;
}

/** One secret of one object. */
interface Site extends Values {
  readonly secret: Secret;
  /** Where the object is that it stands in. */
  readonly path: AttributePath;
  /** What its hash is kept under: its path, with the keys of elements instead of their places. */
  readonly id: string;
  /** Whether it may match an object in state once the key of its element is known. */
  readonly open: boolean;
  /** Whether it is in a list, which is always sent as a whole. */
  readonly inList: boolean;
}

type At = Pick<Site, 'path' | 'open' | 'inList'> & { readonly named: AttributePath };

const root: At = { path: [], named: [], open: false, inList: false };

function sitesOf(branches: readonly Branch[], values: Values, at: At = root): Site[] {
  return branches.flatMap(({ field, wanted, inner }) => {
    const { name } = field;
    const id = attributeName([...at.named, name]);
    const here = wanted ? [{ ...values, ...at, id, secret: secretOf(field) }] : [];
    const config = values.config[name] ?? null;
    if (inner.length === 0 || isUnset(field, config)) return here;
    const within = { config, prior: values.prior?.[name], planned: values.planned[name] };
    return [...here, ...sitesWithin(field.shape, within, { ...at, inner, path: [...at.path, name], named: [...at.named, name] })];
  });
}

interface Within {
  readonly config: Value;
  readonly prior: Value | undefined;
  readonly planned: Value | undefined;
}

function sitesWithin(shape: Shape, { config, prior, planned }: Within, at: At & { readonly inner: readonly Branch[] }): Site[] {
  if (shape.kind === 'object')
    return isRecord(config) && isRecord(planned)
      ? sitesOf(at.inner, { config, planned, prior: isRecord(prior) ? prior : undefined }, at)
      : [];
  if (!('element' in shape)) return [];
  const partner = partnersIn(shape, prior);
  if (isList(config) && isList(planned))
    return config.flatMap((item, index) => {
      const key = elementKeyOf(shape, item) ?? null;
      const found = { config: item, planned: planned[index], prior: partner(index, key) };
      const named = [...at.named, { key: String(key === UNKNOWN ? index : key) }];
      return sitesWithin(shape.element, found, {
        ...at,
        path: [...at.path, index],
        named,
        open: at.open || key === UNKNOWN,
        inList: true,
      });
    });
  if (!isRecord(config) || !isRecord(planned)) return [];
  return Object.entries(config).flatMap(([key, item]) =>
    sitesWithin(
      shape.element,
      { config: item, planned: planned[key], prior: partner(key, undefined) },
      { ...at, path: [...at.path, { key }], named: [...at.named, { key }] },
    ),
  );
}

/** The values, with entries inserted into the objects that they belong to. */
function withPut(values: ValueRecord, changes: readonly { readonly path: AttributePath; readonly entries: ValueRecord }[]): ValueRecord {
  return changes.reduce<ValueRecord>((all, { path, entries }) => putAt(all, path, entries) as ValueRecord, values);
}

function putAt(value: Value, [step, ...rest]: AttributePath, entries: ValueRecord): Value {
  if (step === undefined) return isRecord(value) ? { ...value, ...entries } : value;
  if (typeof step === 'number') return isList(value) ? value.map((item, i) => (i === step ? putAt(item, rest, entries) : item)) : value;
  const name = typeof step === 'string' ? step : 'key' in step ? step.key : '';
  return isRecord(value) ? { ...value, [name]: putAt(value[name] ?? null, rest, entries) } : value;
}

/** What a plan knows of an object and its secrets. */
export interface RotationPlan extends Values {
  readonly hashes: Hashes;
  /** Whether anything else in the object changes. */
  readonly changes: boolean;
}

/** The plan with revision counters, incremented where a secret differs from the one sent last. */
export async function planRevisions(fields: readonly Field[], plan: RotationPlan): Promise<ValueRecord> {
  return revised(sitesOf(secretsIn(fields), plan), plan);
}

/** The plan with its unknown revisions resolved from the configuration. */
export async function settleRevisions(fields: readonly Field[], plan: RotationPlan): Promise<ValueRecord> {
  const sites = sitesOf(secretsIn(fields), plan);
  return revised(
    sites.filter(({ secret, planned }) => secret.companions && planned[secret.companions.revision] === UNKNOWN),
    plan,
  );
}

async function revised(sites: readonly Site[], plan: RotationPlan): Promise<ValueRecord> {
  const changes = sites.flatMap((site) => {
    const { companions } = site.secret;
    if (!companions || isAbsent(site, companions)) return [];
    return [revisionOf(site, companions, plan).then((value) => ({ path: site.path, entries: { [companions.revision]: value } }))];
  });
  return changes.length === 0 ? plan.planned : withPut(plan.planned, await Promise.all(changes));
}

/** Whether there is and was no secret, as for most objects of an estate. */
const isAbsent = ({ secret, config, prior, planned, open }: Site, { revision }: NonNullable<Secret['companions']>): boolean =>
  !open && [config[secret.name], prior?.[revision], planned[revision]].every((value) => (value ?? null) === null);

async function revisionOf(site: Site, { plain, version, revision }: NonNullable<Secret['companions']>, plan: RotationPlan): Promise<Value> {
  const { config, prior, secret, id } = site;
  const value = config[secret.name] ?? null;
  const before = prior?.[revision] ?? null;
  if (site.open && plan.prior) return UNKNOWN;
  if (value === null) return (config[plain] ?? null) === null ? before : null;
  if (!prior) return 1;
  const current = typeof before === 'number' ? before : 0;
  if ((config[version] ?? null) !== null) return current === 0 ? 1 : before;
  // Not decided at plan: if the object changes anyway, apply knows the value and may decide differently.
  if (!isKnown(value)) return plan.changes ? UNKNOWN : before;
  return (await matches(plan.hashes[id], value)) ? before : current + 1;
}

/** One write of an object, as far as its secrets go. */
export interface SecretWrite extends Values {
  readonly hashes: Hashes;
  /** Whether the write replaces the whole object, so that existing secrets must be sent again. */
  readonly replaces: boolean;
}

/**
 * The plan with the secrets that a write sends: all of a create or of a new element, those whose revision or version was
 * planned to change, and unchanged ones that the server would otherwise lose.
 */
export async function withSecretsSent(fields: readonly Field[], write: SecretWrite): Promise<ValueRecord> {
  const sites = sitesOf(secretsIn(fields), write);
  if (sites.length === 0) return write.planned;
  const goes = await Promise.all(sites.map(async (site) => isSent(site) || (await isKept(site, write))));
  const sent = sites.filter((_, index) => goes[index]);
  return withPut(
    write.planned,
    sent.map(({ path, secret: { name }, config }) => ({ path, entries: { [name]: config[name] ?? null } })),
  );
}

function isSent({ secret: { name, companions }, config, prior, planned }: Site): boolean {
  if ((config[name] ?? null) === null) return false;
  if (!prior || !companions) return true;
  return [companions.version, companions.revision].some((other) => !sameValue(prior[other] ?? null, planned[other] ?? null));
}

/** Whether a secret is the one sent last and has to be sent again. */
const isKept = async ({ id, inList, config, secret }: Site, { replaces, hashes }: SecretWrite): Promise<boolean> =>
  (replaces || inList) && matches(hashes[id], config[secret.name] ?? null);

/** The hashes to store after a write: those of the secrets it sent, and those it did not touch. */
export async function hashesAfter(fields: readonly Field[], write: SecretWrite): Promise<Hashes> {
  const entries = sitesOf(secretsIn(fields), write).map(async (site) => [site.id, await hashAfter(site, write.hashes)] as const);
  return Object.fromEntries((await Promise.all(entries)).flatMap(([id, hash]) => (hash ? [[id, hash] as const] : [])));
}

async function hashAfter(site: Site, hashes: Hashes): Promise<Hash | undefined> {
  const { secret, config, planned, id } = site;
  if (!secret.companions || (planned[secret.companions.version] ?? null) !== null) return undefined;
  const value = config[secret.name] ?? null;
  if (isSent(site) && isSecret(value)) return hashOf(value);
  return (planned[secret.companions.revision] ?? null) === null ? undefined : hashes[id];
}

/** Names of the attributes that cause a request although the API does not have them: those that send a secret again. */
export function resending(fields: readonly Field[]): ReadonlySet<string> {
  const names = secretsIn(fields).flatMap(({ field, wanted, inner }) => {
    const { companions } = secretOf(field);
    return [...(inner.length > 0 ? [field.name] : []), ...(wanted && companions ? [companions.version, companions.revision] : [])];
  });
  return new Set(names);
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
