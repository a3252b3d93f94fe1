import { type BkContext } from './context';
import { type Configuration } from './model';
import { problem } from './problem';

const BUSY = 'System service is busy, please try again later';

/** The failure of a parameter, named. */
export function invalid(name: string) {
  return problem('PARAMETER_INVALID', `Parameter [${name}] is invalid`);
}

/** The error for what no service catches, such as an unknown enum value in the query. */
export function systemError() {
  return problem('SYSTEM_ERROR', BUSY);
}

/** Refuses a text that does not match as a whole. */
export function checkPattern(name: string, value: string, pattern: RegExp): void {
  if (!pattern.test(value)) throw invalid(name);
}

/** Refuses an unknown key of storage credentials. */
export async function checkStorageKey({ bk }: BkContext, key: string | null): Promise<void> {
  if (key !== null && !(await bk.storageCredentials.get(key))) {
    throw problem('RESOURCE_NOT_FOUND', `Resource [${key}] not found`);
  }
}

/** The settings of a repository that the server understands. */
export function checkSettings({ settings }: Configuration): void {
  checkCleanup(settings['cleanupStrategy']);
  checkInterceptors(settings['interceptors']);
}

const MAX_RETENTION_DAYS = 3649;

function checkCleanup(strategy: unknown): void {
  if (strategy === undefined || strategy === null) return;
  if (!isObject(strategy)) throw invalid('configuration');
  if (strategy['cleanupType'] !== 'retentionDays') return;
  const value = strategy['cleanupValue'];
  const days = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (days < 1 || days > MAX_RETENTION_DAYS) throw invalid('configuration');
}

/** What the rules of each kind of interceptor must hold; other kinds are ignored. */
const INTERCEPTOR_RULES: Readonly<Record<string, (rules: Readonly<Record<string, unknown>>) => boolean>> = {
  FILENAME: ({ filename }) => typeof filename === 'string' && filename !== '',
  METADATA: ({ metadata }) => isPair(metadata),
  WEB: hasFileRules,
  MOBILE: hasFileRules,
  IP_SEGMENT: ({ ipSegment, whitelistUser = [] }) => isTexts(ipSegment) && isTexts(whitelistUser),
};

function checkInterceptors(interceptors: unknown): void {
  if (interceptors === undefined || interceptors === null) return;
  if (!Array.isArray(interceptors)) throw invalid('configuration');
  for (const each of interceptors as unknown[]) {
    if (!isObject(each)) throw invalid('configuration');
    const check = ownValue(INTERCEPTOR_RULES, String(each['type']));
    if (check && !(isObject(each['rules']) && check(each['rules']))) throw invalid('configuration');
  }
}

function hasFileRules({ filename, metadata }: Readonly<Record<string, unknown>>): boolean {
  return (filename === undefined || typeof filename === 'string') && (metadata === undefined || isPair(metadata));
}

function isPair(value: unknown): boolean {
  return typeof value === 'string' && /^[^:]+:.+$/.test(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a record holds by a name that clients choose, and nothing that all objects have. */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
