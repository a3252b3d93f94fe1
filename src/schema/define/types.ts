import * as z from 'zod';
import type { Attribute, PlainFacts } from './attribute';
import { attr } from './attribute';
import { snakeCase } from '../../common/names';
import { nameProblem } from '../../common/repository-name';
import { patternFault } from '../../common/re2';
import { urlProblem } from '../../common/urls';

/** A string with a rule; the rule returns the problem, or nothing. */
export function text(problem: (value: string) => string | undefined): z.ZodString {
  return z.string().superRefine((value, context) => {
    const message = problem(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

/** The name of a repository. */
export const repositoryName = text(nameProblem);

/** The base URL of an HTTP server. */
export const baseUrl = text(urlProblem);

/** An RE2 pattern. */
export const pattern = text(patternFault);

/** A whole number, with a message for other values; values beyond 2^53 - 1 get the message of the limit. */
export const wholeNumber = (what: string): z.ZodInt =>
  z.int({ error: ({ code, input }) => (code === 'too_big' || code === 'too_small' ? undefined : `${String(input)} is not ${what}`) });

/** A duration in whole seconds. */
export const seconds = wholeNumber('a whole number of seconds').min(0, {
  error: (issue) => `${String(issue.input)} is negative; a duration is 0 or more seconds`,
});

/** A list without repeated elements. */
export function distinct<T extends z.ZodType>(element: T): z.ZodArray<T> {
  return z.array(element).superRefine((list, context) => {
    const seen = new Set<unknown>();
    list.forEach((item, index) => {
      if (seen.has(item)) context.addIssue({ code: 'custom', message: `"${String(item)}" is repeated; name it once`, path: [index] });
      seen.add(item);
    });
  });
}

/** The attributes of one secret. */
export type SecretAttributes<N extends string, T extends z.ZodType> = {
  readonly [K in N | `${N}Wo`]: Attribute<z.ZodOptional<T>>;
} & { readonly [K in `${N}WoVersion`]: Attribute<z.ZodOptional<z.ZodInt>> } & {
  readonly [K in `${N}WoRevision`]: Attribute<z.ZodInt, { readonly computed: true }>;
};

/**
 * The attributes of one secret: `x` (plain, sensitive, kept in state), `xWo` (write-only, never in state), `xWoVersion` (the
 * user's own counter) and `xWoRevision` (ours). See decision 9. The type is a text, or a map of texts for several secrets at once.
 */
export function secret<const N extends string, T extends z.ZodType = z.ZodString>(
  name: N,
  description: string,
  { type: given, ...facts }: PlainFacts & { readonly type?: T } = {},
): SecretAttributes<N, T> {
  const type: z.ZodType = given ?? z.string();
  const [wo, version, revision] = [`${name}Wo`, `${name}WoVersion`, `${name}WoRevision`] as const;
  const empty = type._zod.def.type === 'record' ? '{}' : '""';
  const clears = type.safeParse(JSON.parse(empty)).success
    ? ` If omitted, the server keeps its current value; \`${empty}\` clears it.`
    : ' If omitted, the server keeps its current value.';
  const base: Attribute = attr(type.optional(), `${description} It is stored in the state; \`${snakeCase(wo)}\` is not.`, {
    ...facts,
    sensitive: true,
    notReturned: true,
    conflicts: [wo],
  });
  return {
    [name]: base,
    [wo]: attr(
      type.optional(),
      `${description} Write-only: it is never stored in the plan or state; a salted hash detects changes.${clears}`,
      {
        ...facts,
        sensitive: true,
        writeOnly: true,
        rotation: { plain: name, version, revision },
      },
    ),
    [version]: attr(
      z.int().optional(),
      `Change it to send \`${snakeCase(wo)}\` again. If set, only a change of it sends the secret, which suits secrets that differ on every run.`,
      { api: false, requires: [wo] },
    ),
    [revision]: attr(z.int(), `Counts how often \`${snakeCase(wo)}\` was sent because it changed.`, { api: false, computed: true }),
  } as unknown as SecretAttributes<N, T>;
}
