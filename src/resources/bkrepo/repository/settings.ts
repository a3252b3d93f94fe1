import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { attributeName, error } from '../../../common/diagnostic';
import { parseJson, writeJson } from '../../../common/exact-json';
import { isList, isRecord, type Value, type ValueRecord } from '../../../common/value';
import { attr } from '../../../schema/define/attribute';
import { isJsonObject, type Json, type JsonObject } from '../../../schema/define/json';
import { nested, nestedAttributes } from '../../../schema/define/nested';
import type { Check } from '../../../schema/define/resource';
import { type Field, fieldsOf, type Shape } from '../../../schema/define/shape';
import { text } from '../../../schema/define/types';

const size = text((value) =>
  /^-?\d+(B|KB|MB|GB|TB)?$/.test(value) ? undefined : `"${value}" is not a data size; write e.g. "10MB", with B, KB, MB, GB or TB`,
);

const rules = nested({
  filename: attr(z.string().min(1).optional(), 'Glob of file names (FILENAME).'),
  metadata: attr(
    z
      .string()
      .regex(/^[^:]+:.+$/s, { error: 'has not the form "key:value"' })
      .optional(),
    'Metadata in the form `key:value` (METADATA).',
  ),
  ipSegment: attr(z.array(z.string()).default([]), 'Networks in CIDR form (IP_SEGMENT).'),
  whitelistUser: attr(z.array(z.string()).default([]), 'Users that the rule lets pass (IP_SEGMENT).'),
  officeNetwork: attr(z.boolean().default(true), 'Whether the office network is let pass (IP_SEGMENT).'),
  allowed: attr(z.boolean().default(true), 'Whether what fits may be downloaded, rather than what does not.'),
});

/** What the server reads from `settings`; all else is in `extra_settings`. */
export const settings = nested({
  cleanupStrategy: attr(
    nested({
      enable: attr(z.boolean(), 'Whether old artifacts are removed.'),
      cleanupType: attr(z.enum(['retentionDays', 'retentionDate', 'retentionNums']), 'What `cleanup_value` counts.'),
      cleanupValue: attr(z.string().min(1), 'Days (1 to 3649), a date, or a number of versions, as a text.'),
      cleanTargets: attr(z.array(z.string()).default([]), 'Paths or packages that it is for; empty means all.'),
    }).optional(),
    'When the server removes old artifacts by itself (GENERIC by days or date, DOCKER, OCI and HELM).',
  ),
  interceptors: attr(
    z
      .array(
        nested({
          type: attr(
            z.enum(['FILENAME', 'METADATA', 'WEB', 'MOBILE', 'OFFICE_NETWORK', 'NODE_FORBID', 'PACKAGE_FORBID', 'IP_SEGMENT']),
            'What is looked at.',
          ),
          rules: attr(rules, 'What is let pass; which rule the type needs, the rules say.'),
        }),
      )
      .default([]),
    'Conditions for downloads; who does not meet them gets 403.',
  ),
  downloadRedirect: attr(
    nested({
      redirectTo: attr(z.string().min(1), 'Where downloads are redirected to, as the server names it.'),
      fullPathRegex: attr(z.array(z.string()), 'Regular expressions of the paths that are redirected.'),
    }).optional(),
    'Which downloads the server redirects to the storage.',
  ),
  autoIndex: attr(nested({ enabled: attr(z.boolean(), 'Whether folders show a page.') }).optional(), 'Pages that list folders (GENERIC).'),
  receiveRateLimit: attr(size.optional(), 'How fast one connection may upload, per second, e.g. `10MB`.'),
  responseRateLimit: attr(size.optional(), 'How fast one connection may download, per second, e.g. `10MB`.'),
  system: attr(z.boolean().optional(), 'Whether everybody who is logged in may read it.'),
  checksumPolicy: attr(z.int().optional(), 'How checksums of clients are used (MAVEN).', { api: 'CHECKSUM_POLICY' }),
  snapshotBehavior: attr(z.int().min(0).max(2).optional(), 'Versions of snapshots: 0 unique, 1 not unique, 2 as deployed (MAVEN).', {
    api: 'SNAPSHOT_BEHAVIOR',
  }),
  maxUniqueSnapshots: attr(z.int().min(0).optional(), 'How many unique snapshots are kept (MAVEN).', { api: 'MAX_UNIQUE_SNAPSHOTS' }),
  repodataDepth: attr(z.int().min(0).optional(), 'Depth of the folder that holds `repodata` (RPM).'),
  enabledFileLists: attr(z.boolean().optional(), 'Whether `filelists.xml` is made (RPM).'),
});

/** API names of the settings above. */
const typed: ReadonlySet<string> = new Set([
  'cleanupStrategy',
  'interceptors',
  'downloadRedirect',
  'autoIndex',
  'receiveRateLimit',
  'responseRateLimit',
  'system',
  'CHECKSUM_POLICY',
  'SNAPSHOT_BEHAVIOR',
  'MAX_UNIQUE_SNAPSHOTS',
  'repodataDepth',
  'enabledFileLists',
]);

/** What the server writes there by itself. */
const added: ReadonlySet<string> = new Set(['clientUrl', 'metaDataRefreshStatus', 'groupXmlSet']);

const taken = (key: string): boolean => typed.has(key) || added.has(key);

let fields: readonly Field[] | undefined;

/** Spelled out once, since every repository in a list has settings. */
const settingsFields = (): readonly Field[] => (fields ??= fieldsOf(nestedAttributes(settings) ?? {}, 'camel'));

/** Parts the server's map: what is typed, and the rest as JSON texts. */
export function decodeSettings(map: Json | undefined): { settings: Json; extraSettings: JsonObject } {
  const entries = isJsonObject(map) ? Object.entries(map) : [];
  const known = entries.filter(([key, value]) => typed.has(key) && value !== null);
  const rest = entries.filter(([key]) => !taken(key));
  return {
    settings: known.length > 0 ? whole(settingsFields(), Object.fromEntries(known)) : null,
    extraSettings: Object.fromEntries(rest.map(([key, value]) => [key, writeJson(value)])),
  };
}

/** What a map does not have is not set; elsewhere a server that leaves out a field says nothing of it. */
function whole(fields: readonly Field[], object: JsonObject): JsonObject {
  return Object.fromEntries(fields.map(({ api, shape }) => [api?.[0] ?? '', filled(shape, object[api?.[0] ?? ''] ?? null)]));
}

function filled(shape: Shape, json: Json): Json {
  if (shape.kind === 'object' && isJsonObject(json)) return whole(shape.fields, json);
  return 'element' in shape && Array.isArray(json) ? json.map((item: Json) => filled(shape.element, item)) : json;
}

/** The server's map; what is not set is not in it. What the server wrote by itself stays. */
export function encodeSettings(given: Json | undefined, extra: Json | undefined, before: Json | undefined): JsonObject {
  const own = isJsonObject(given) ? pruned(given) : {};
  const rest = isJsonObject(extra) ? Object.entries(extra).map(([key, json]) => [key, parseJson(String(json)) as Json] as const) : [];
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

/** Rules of the server that it tells without the field's name. */
export const checkSettings: Check = ({ settings: given }) => {
  if (!isRecord(given ?? null)) return [];
  const values = given as ValueRecord;
  return [...checkCleanup(values['cleanup_strategy'] ?? null), ...checkInterceptors(values['interceptors'] ?? null)];
};

const isUnset = (value: Value): boolean => value === null || value === '' || (isList(value) && value.length === 0);

function checkCleanup(strategy: Value): ReturnType<Check> {
  if (!isRecord(strategy)) return [];
  const { cleanup_type: type, cleanup_value: value } = strategy;
  if (type !== 'retentionDays' || typeof value !== 'string' || (/^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= 3649))
    return [];
  const detail = `"settings.cleanup_strategy.cleanup_value": "${value}" is not a number of days; for retentionDays allowed is "1" to "3649".`;
  return [error('Invalid Attribute Value', detail, ['settings', 'cleanup_strategy', 'cleanup_value'])];
}

/** The rule that a type of interceptor cannot do without. */
const neededRules: Readonly<Record<string, string>> = { FILENAME: 'filename', METADATA: 'metadata', IP_SEGMENT: 'ip_segment' };

function checkInterceptors(interceptors: Value): ReturnType<Check> {
  return (isList(interceptors) ? interceptors : []).flatMap((one, index) => {
    const { type, rules: given } = isRecord(one) ? one : {};
    const needed = typeof type === 'string' ? neededRules[type] : undefined;
    if (needed === undefined || !isRecord(given ?? null) || !isUnset((given as ValueRecord)[needed] ?? null)) return [];
    const at = ['settings', 'interceptors', index, 'rules', needed];
    return [error('Missing Attribute', `"${attributeName(at)}" is not set; an interceptor of the type ${String(type)} needs it.`, at)];
  });
}

const extraKey = text((key) => {
  if (added.has(key)) return `the key "${key}" is written by the server; leave it out`;
  return typed.has(key) ? `the key "${key}" has an attribute of its own in "settings"; set it there` : undefined;
});

const extraValue = text((value) =>
  parsed(value) === undefined ? `"${value}" is not JSON; write jsonencode(...) in HCL, JSON.stringify(...) in TypeScript` : undefined,
);

/** Settings that have no attribute of their own, as JSON texts by key. */
export const extraSettings = z.record(extraKey, extraValue);

/** Whether two maps of JSON texts say the same. */
export const sameSettings = (a: Value, b: Value): boolean =>
  isRecord(a) &&
  isRecord(b) &&
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, one]) => Object.hasOwn(b, key) && isDeepStrictEqual(parsed(one), parsed(b[key])));

/** The value of a JSON text; `null` is none, since the server drops it. */
function parsed(text: unknown): unknown {
  try {
    return parseJson(String(text)) ?? undefined;
  } catch {
    return undefined;
  }
}
