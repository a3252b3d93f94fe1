import { isDeepStrictEqual } from 'node:util';
import { parseJson, writeJson } from '../../../common/exact-json';
import {
  attr,
  type AttributePath,
  attributeName,
  type Diagnostic,
  error,
  isJsonObject,
  type Json,
  type JsonObject,
  known,
  knownItems,
  type MaybeUnknown,
  nested,
  present,
  type NestedField,
  nestedFields,
  text,
  textOf,
  type ValueOf,
  z,
} from '../../../schema/define';

const size = text((value) =>
  /^-?\d+(B|KB|MB|GB|TB)?$/.test(value) ? undefined : `"${value}" is not a data size; write e.g. "10MB", with B, KB, MB, GB or TB`,
);

const rules = nested({
  filename: attr(z.string().min(1).optional(), 'Glob of file names (FILENAME).'),
  metadata: attr(
    z
      .string()
      .regex(/^[^:]+:.+$/s, { error: 'does not have the form "key:value"' })
      .optional(),
    'Metadata in the form `key:value` (METADATA).',
  ),
  ipSegment: attr(z.array(z.string()).default([]), 'Networks in CIDR form (IP_SEGMENT).'),
  whitelistUser: attr(z.array(z.string()).default([]), 'Users that the rule allows (IP_SEGMENT).'),
  officeNetwork: attr(z.boolean().default(true), 'Whether the rule allows the office network (IP_SEGMENT).'),
  allowed: attr(z.boolean().default(true), 'Whether matching files may be downloaded, rather than those that do not match.'),
});

/** What the server reads from `settings`; all else is in `extra_settings`. */
export const settings = nested({
  cleanupStrategy: attr(
    nested({
      enable: attr(z.boolean(), 'Whether old artifacts are removed.', { impact: 'expires' }),
      cleanupType: attr(z.enum(['retentionDays', 'retentionDate', 'retentionNums']), 'What `cleanup_value` stands for.'),
      cleanupValue: attr(z.string().min(1), 'Days (1 to 3649), a date, or a number of versions, as a string.'),
      cleanTargets: attr(z.array(z.string()).default([]), 'Paths or packages to clean up; if empty, all.'),
    }).optional(),
    'When the server automatically removes old artifacts (GENERIC by days or date, DOCKER, OCI and HELM).',
  ),
  interceptors: attr(
    z
      .array(
        nested({
          type: attr(
            z.enum(['FILENAME', 'METADATA', 'WEB', 'MOBILE', 'OFFICE_NETWORK', 'NODE_FORBID', 'PACKAGE_FORBID', 'IP_SEGMENT']),
            'What the condition checks.',
          ),
          rules: attr(rules, 'What is allowed; each rule names the type that it belongs to.'),
        }),
      )
      .default([]),
    'Conditions for downloads; a request that does not meet them is answered with 403.',
    { impact: 'denies' },
  ),
  downloadRedirect: attr(
    nested({
      redirectTo: attr(z.string().min(1), "Target of the redirect, under the server's name for it."),
      fullPathRegex: attr(z.array(z.string()), 'Regular expressions for the paths to redirect.'),
    }).optional(),
    'Downloads that the server redirects to the storage.',
  ),
  autoIndex: attr(
    nested({ enabled: attr(z.boolean(), 'Whether folders have an index page.') }).optional(),
    'Index pages of folders (GENERIC).',
  ),
  receiveRateLimit: attr(size.optional(), 'Upload limit of one connection, per second, e.g. `10MB`.'),
  responseRateLimit: attr(size.optional(), 'Download limit of one connection, per second, e.g. `10MB`.'),
  system: attr(z.boolean().optional(), 'Whether every logged-in user may read it.', { impact: 'grants' }),
  checksumPolicy: attr(z.int().optional(), 'How client checksums are handled (MAVEN).', { api: 'CHECKSUM_POLICY' }),
  snapshotBehavior: attr(z.int().min(0).max(2).optional(), 'Versions of snapshots: 0 unique, 1 not unique, 2 as deployed (MAVEN).', {
    api: 'SNAPSHOT_BEHAVIOR',
  }),
  maxUniqueSnapshots: attr(z.int().min(0).optional(), 'Number of unique snapshots to keep (MAVEN).', { api: 'MAX_UNIQUE_SNAPSHOTS' }),
  repodataDepth: attr(z.int().min(0).optional(), 'Depth of the folder that holds `repodata` (RPM).'),
  enabledFileLists: attr(z.boolean().optional(), 'Whether `filelists.xml` is generated (RPM).'),
});

/** What the server writes there by itself. */
const added: ReadonlySet<string> = new Set(['clientUrl', 'metaDataRefreshStatus', 'groupXmlSet']);

/** What is declared of the settings, by the names that the server has for it. */
const declared = (): ReadonlyMap<string, NestedField> => nestedFields(settings, 'camel');

/** Parts the server's map: what is declared, and the rest as JSON texts. */
export function decodeSettings(map: Json | undefined): { settings: Json; extraSettings: JsonObject } {
  const entries = isJsonObject(map) ? Object.entries(map) : [];
  const own = entries.filter(([key, value]) => declared().has(key) && value !== null);
  const rest = entries.filter(([key]) => !declared().has(key) && !added.has(key));
  return {
    settings: own.length > 0 ? whole(declared(), Object.fromEntries(own)) : null,
    extraSettings: Object.fromEntries(rest.map(([key, value]) => [key, writeJson(value)])),
  };
}

/** What a map does not have is not set; elsewhere a server that leaves out a field says nothing of it. */
function whole(fields: ReadonlyMap<string, NestedField>, object: JsonObject): JsonObject {
  return Object.fromEntries([...fields].map(([name, field]) => [name, filled(field, object[name] ?? null)]));
}

function filled({ members }: NestedField, json: Json): Json {
  if (!members) return json;
  if (Array.isArray(json)) return json.map((item: Json) => filled({ members }, item));
  return isJsonObject(json) ? whole(members, json) : json;
}

/** The server's map; what is not set is not in it. What the server wrote by itself stays. */
export function encodeSettings(given: Json | undefined, extra: Json | undefined, before: Json | undefined): JsonObject {
  const own = isJsonObject(given) ? pruned(given) : {};
  const rest = isJsonObject(extra) ? Object.entries(extra).map(([key, json]) => [key, parseJson(textOf(json) ?? '') as Json] as const) : [];
  const kept = isJsonObject(before) ? Object.entries(before).filter(([key]) => added.has(key)) : [];
  return { ...Object.fromEntries(kept), ...Object.fromEntries(rest), ...own };
}

/** Without members that are not set. */
function pruned(object: JsonObject): JsonObject {
  const entries = Object.entries(object).map(([key, value]): [string, Json] => [
    key,
    isJsonObject(value)
      ? pruned(value)
      : Array.isArray(value)
        ? value.map((item: Json) => (isJsonObject(item) ? pruned(item) : item))
        : (value ?? null),
  ]);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0) && !isEmptyObject(value)),
  );
}

const isEmptyObject = (value: Json): boolean => isJsonObject(value) && Object.keys(value).length === 0;

type Given = MaybeUnknown<ValueOf<{ type: typeof settings; description: string; facts: object }> | undefined>;

/** Rules of the server that it tells without the field's name. */
export function checkSettings({ settings: given }: { readonly settings: Given }): Diagnostic[] {
  const { cleanupStrategy, interceptors } = present(given) ?? {};
  return [...checkCleanup(present(cleanupStrategy)), ...checkInterceptors(knownItems(interceptors))];
}

interface Cleanup {
  readonly cleanupType: MaybeUnknown<string | undefined>;
  readonly cleanupValue: MaybeUnknown<string | undefined>;
}

function checkCleanup(strategy: Cleanup | undefined): Diagnostic[] {
  const value = known(strategy?.cleanupValue);
  if (strategy?.cleanupType !== 'retentionDays' || value === undefined) return [];
  if (/^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= 3649) return [];
  const detail = `"settings.cleanup_strategy.cleanup_value": "${value}" is not a number of days; for retentionDays allowed is "1" to "3649".`;
  return [error('Invalid Attribute Value', detail, ['settings', 'cleanupStrategy', 'cleanupValue'])];
}

/** The rule that a type of interceptor cannot do without. */
const neededRules = { FILENAME: 'filename', METADATA: 'metadata', IP_SEGMENT: 'ipSegment' } as const;

interface Interceptor {
  readonly type: string | undefined;
  readonly rules: { readonly [K in (typeof neededRules)[keyof typeof neededRules]]: string | readonly unknown[] | undefined } | undefined;
}

function checkInterceptors(interceptors: readonly (readonly [number, Interceptor])[]): Diagnostic[] {
  return interceptors.flatMap(([index, { type = '', rules: given }]) => {
    const needed = Object.hasOwn(neededRules, type) ? neededRules[type as keyof typeof neededRules] : undefined;
    if (needed === undefined || !given || given[needed]?.length) return [];
    const at: AttributePath = ['settings', 'interceptors', index, 'rules', needed];
    return [error('Missing Attribute', `"${attributeName(at)}" is not set; an interceptor of the type ${type} requires it.`, at)];
  });
}

const extraKey = text((key) => {
  if (added.has(key)) return `the key "${key}" is written by the server; remove it`;
  return declared().has(key) ? `the key "${key}" has an attribute of its own in "settings"; set it there` : undefined;
});

const extraValue = text((value) =>
  parsed(value) === undefined ? `"${value}" is not JSON; write jsonencode(...) in HCL, JSON.stringify(...) in TypeScript` : undefined,
);

/** Settings that have no attribute of their own, as JSON texts by key. */
export const extraSettings = z.record(extraKey, extraValue);

type Texts = Readonly<Record<string, string>>;

/** Whether two maps of JSON texts say the same. */
export const sameSettings = (a: Texts, b: Texts): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, one]) => b[key] !== undefined && isDeepStrictEqual(parsed(one), parsed(b[key])));

/** The value of a JSON text; `null` is none, since the server drops it. */
function parsed(text: string): unknown {
  try {
    return parseJson(text) ?? undefined;
  } catch {
    return undefined;
  }
}
