import * as z from 'zod';
import { patternError } from '../proxy/patterns';
import { Secret, secretText } from './secret';

/** Seconds that a mutable object is fresh for unless the remote says otherwise. */
const DEFAULT_MUTABLE_TTL = 3600;

/** A text that may be omitted or null. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A list of texts that may be omitted or null. */
export const optionalTexts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

const truth = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const ttl = (unset: number) =>
  z
    .int()
    .min(0)
    .nullish()
    .transform((value) => value ?? unset);

const patterns = z
  .array(z.string())
  .nullish()
  .transform((value, check) => {
    for (const [index, pattern] of (value ?? []).entries()) {
      const wrong = patternError(pattern);
      if (wrong) check.addIssue({ code: 'custom', message: `invalid regex ${JSON.stringify(pattern)}: ${wrong}`, path: [index] });
    }
    return value ?? [];
  });

/** The settings of a remote or a local and their defaults: the one table behind API, store and cache. No answer shows a `secretText`. */
export const remoteSettings = z.object({
  base_url: optionalText,
  description: optionalText,
  username: optionalText,
  password: secretText,
  immutable_ttl: ttl(0),
  mutable_ttl: ttl(DEFAULT_MUTABLE_TTL),
  patterns,
  blocklist: patterns,
  mutable_patterns: patterns,
  immutable_patterns: patterns,
  ban_tags_enabled: truth,
  ban_tags: patterns,
});

/** The settings of a remote or a local. */
export type RemoteSettings = Readonly<z.output<typeof remoteSettings>>;

/** The defaults of all settings. */
export const unsetRemoteSettings: RemoteSettings = remoteSettings.parse({});

/** The names of the settings that are secret. */
export const SECRET_SETTINGS: readonly string[] = Object.entries(unsetRemoteSettings).flatMap(([name, value]) =>
  value instanceof Secret ? [name] : [],
);
