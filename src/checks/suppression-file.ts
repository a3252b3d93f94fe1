import { z } from '../schema/define';
import type { Parsed } from '../plans/parse-plan';
import type { Suppression } from './suppressions';

const fileJson = z.strictObject({
  suppress: z.array(z.strictObject({ rule: z.string(), address: z.string(), stack: z.string().optional(), reason: z.string() })),
});

/**
 * Reads a file of suppressions, for HCL and for plans: `{ "suppress": [{ "rule", "address", "reason" }] }`. An address may contain `*` for any
 * text; `stack` limits an entry to one stack.
 */
export function suppressionsOf(text: string): Parsed<readonly Suppression[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'it is not valid JSON' };
  }
  const { success, data, error } = fileJson.safeParse(json);
  if (!success) return { problem: `${error.issues[0]?.path.join('.') ?? ''}: ${error.issues[0]?.message ?? ''}`.replace(/^: /, '') };
  return {
    value: data.suppress.map(({ rule, address, stack, reason }) => {
      const glob = globOf(address);
      return {
        code: rule,
        reason,
        isInSource: false,
        place: { stack: stack ?? '', address, construct: undefined },
        matches: (place) => (stack === undefined || stack === place.stack) && glob.test(place.address ?? ''),
      };
    }),
  };
}

const globOf = (glob: string): RegExp => new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
