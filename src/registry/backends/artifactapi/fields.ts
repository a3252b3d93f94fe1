import { isUrl } from '../../../common/urls';
import { z } from 'zod';
import { PACKAGE_TYPES } from '../../formats';
import { patternError } from '../../proxy/patterns';

/** Seconds that a mutable object is fresh for unless the remote says otherwise. */
const DEFAULT_MUTABLE_TTL = 3600;

/** A text that may be left out or null. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A list of texts that may be left out or null. */
export const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

/** A name that can stand in a URL. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/, 'must begin with a letter or digit and hold only letters, digits, ".", "_" and "-"');

/** One of the package types. */
export const packageType = z
  .string()
  .refine((value) => PACKAGE_TYPES.includes(value), { error: `must be one of ${PACKAGE_TYPES.join(', ')}` });

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

/** The body that creates or replaces a remote or a local; unknown fields are passed over. */
export const remoteBody = z
  .object({
    name: name.optional(),
    repo_type: z
      .enum(['remote', 'local'])
      .nullish()
      .transform((value) => value ?? 'remote'),
    package_type: packageType,
    base_url: text,
    description: text,
    username: text,
    password: z.string().nullish(),
    immutable_ttl: ttl(0),
    mutable_ttl: ttl(DEFAULT_MUTABLE_TTL),
    patterns,
    blocklist: patterns,
    mutable_patterns: patterns,
    immutable_patterns: patterns,
    ban_tags_enabled: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
    ban_tags: patterns,
  })
  .superRefine((body, check) => {
    const wrong = body.base_url === '' && body.repo_type === 'local' ? undefined : baseUrlError(body.base_url);
    if (wrong) check.addIssue({ code: 'custom', message: wrong, path: ['base_url'] });
  });

/** The body that creates or replaces a virtual. */
export const virtualBody = z.object({ name: name.optional(), package_type: packageType, description: text, members: texts });

function baseUrlError(value: string): string | undefined {
  if (value === '') return 'is required for remotes';
  if (!isUrl(value) || !/^https?:\/\//i.test(value)) return 'must be an http or https URL';
  const url = new URL(value);
  if (url.username || url.password) return 'must not hold credentials; use username and password';
  if (url.search || url.hash) return 'must not have a query or a fragment';
  return undefined;
}
