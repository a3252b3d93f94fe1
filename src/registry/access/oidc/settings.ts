import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { isUrl } from '../../../common/urls';
import { isLoopback } from '../address';
import { parseScope, type Scope } from '../scopes';

/** Signatures that need no shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

/** The claims by which issuers for everybody tell whose pipeline it is; a rule without any of them admits pipelines of strangers. */
const OWNERS = [
  ...['sub', 'repository', 'repository_id', 'repository_owner', 'repository_owner_id', 'enterprise', 'enterprise_id'],
  ...['project_path', 'project_id', 'namespace_path', 'namespace_id', 'user_login', 'user_id'],
];

const scope = z.string().transform((text, check): Scope => {
  const read = parseScope(text);
  if (typeof read !== 'string') return read;
  check.addIssue({ code: 'custom', message: read });
  return z.NEVER;
});

const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((value) => [value].flat());

const rule = z
  .strictObject({ claims: z.record(z.string(), texts), scopes: z.array(scope).min(1) })
  .refine(({ claims }) => OWNERS.some((name) => claims[name]?.every(namesOwner)), {
    error:
      'would admit pipelines of anybody at the issuer; add a claim that says whose they are, such as "repository": "acme/*" or "project_path": "acme/*", without wildcards before its first slash',
    path: ['claims'],
  });

const issuer = z.strictObject({
  issuer: z.string().refine(isSafe, 'must be an https URL without query and fragment (http only on this machine)'),
  audience: texts,
  algorithms: z.array(z.enum(ALGORITHMS)).min(1).default(['RS256', 'ES256']),
  clockTolerance: z.int().min(0).max(300).default(30),
  rules: z.array(rule).min(1),
});

const file = z.strictObject({ issuers: z.array(issuer).min(1) });

/** An issuer whose tokens are accepted, and what they allow. */
export type IssuerSettings = z.infer<typeof issuer>;
/** What the claims of a token must be, each one of some globs, and the scopes that it then has. */
export type Rule = z.infer<typeof rule>;

/** The issuers in a file of JSON; throws an error that names the file and the place in it. */
export function readIssuers(path: string): readonly IssuerSettings[] {
  const wrong = (what: string) => new Error(`the OIDC file ${JSON.stringify(path)} ${what}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw wrong(`${cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read'}: ${(cause as Error).message}`);
  }
  const { data, error } = file.safeParse(json);
  const [issue] = error?.issues ?? [];
  if (!data) throw wrong(`is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
  const names = data.issuers.map((each) => each.issuer);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(`names the issuer ${JSON.stringify(twice)} twice; put its rules together`);
  return data.issuers;
}

/** Whether a glob is fixed up to its first slash, where the names of owners end. */
function namesOwner(glob: string): boolean {
  const [owner = ''] = glob.split('/');
  return !/[*?]/.test(owner);
}

/** Whether a URL leads to a server that proves who it is, or to this machine. */
export function isSafe(text: string): boolean {
  if (!isUrl(text)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(text);
  if (search || hash || username || password) return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
