import { isUrl } from '../../../common/urls';
import * as z from 'zod';
import { packageTypesOf } from '../../formats';
import { optionalText, optionalTexts, remoteSettings } from '../../store/remote-settings';

/** The route of what has a name. */
export type ByName = { Params: { name: string } };

/** A name that can stand in a URL. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/, 'must begin with a letter or digit and hold only letters, digits, ".", "_" and "-"');

const PACKAGE_TYPES = packageTypesOf('artifactapi');

/** One of the package types. */
export const packageType = z
  .string()
  .refine((value) => PACKAGE_TYPES.includes(value), { error: `must be one of ${PACKAGE_TYPES.join(', ')}` });

/** The body that creates or replaces a remote or a local; unknown fields are ignored. */
export const remoteBody = z
  .object({
    name: name.optional(),
    repo_type: z
      .enum(['remote', 'local'])
      .nullish()
      .transform((value) => value ?? 'remote'),
    package_type: packageType,
    ...remoteSettings.shape,
  })
  .superRefine((body, check) => {
    const wrong = body.base_url === '' && body.repo_type === 'local' ? undefined : baseUrlError(body.base_url);
    if (wrong) check.addIssue({ code: 'custom', message: wrong, path: ['base_url'] });
  });

/** The body that creates or replaces a virtual. */
export const virtualBody = z.object({
  name: name.optional(),
  package_type: packageType,
  description: optionalText,
  members: optionalTexts,
});

function baseUrlError(value: string): string | undefined {
  if (value === '') return 'is required for remotes';
  if (!isUrl(value) || !/^https?:\/\//i.test(value)) return 'must be an http or https URL';
  const url = new URL(value);
  if (url.username || url.password) return 'must not hold credentials; use username and password';
  if (url.search || url.hash) return 'must not have a query or a fragment';
  return undefined;
}
