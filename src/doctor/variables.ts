import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseHclBlocks } from '../../constructs/provider/hcl-blocks';
import { hclIn, partIn, stacksIn } from './endpoints';
import type { Check, Finding } from './finding';

/** What is looked at: the folder of an app or a configuration, and the environment that Terraform gets. */
interface Surroundings {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether the variables that have no default, such as those for secrets, have a value. */
export const variables = (surroundings: Surroundings): Check => ({
  name: 'variables',
  run() {
    const { folder } = surroundings;
    const stacks = stacksIn(folder).map((file) => ({ place: join(file, '..'), required: requiredIn(partIn(file, 'variable')) }));
    const places = [...stacks, { place: folder, required: hclIn(folder).flatMap(requiredInHcl) }].filter(
      ({ required }) => required.length > 0,
    );
    if (places.length === 0) return [{ check: 'variables', status: 'ok', message: 'no variable needs a value' }];
    return places.map((one) => found(one, surroundings));
  },
});

interface Place {
  readonly place: string;
  /** Names of the variables without a default. */
  readonly required: readonly string[];
}

function found({ place, required }: Place, { env }: Surroundings): Finding {
  const valued = new Set(valueFiles(place).flatMap(namesIn));
  const isSet = (name: string): boolean => env[`TF_VAR_${name}`] !== undefined || valued.has(name);
  const unset = required.filter((name) => !isSet(name));
  const where = basename(place);
  if (unset.length === 0) return { check: 'variables', status: 'ok', message: `${where}: each variable has a value` };
  return {
    check: 'variables',
    status: 'warning',
    message: `${where}: no value is set for the variable${unset.length > 1 ? 's' : ''} ${unset.join(', ')}`,
    fix: `Set ${unset.map((name) => `TF_VAR_${name}`).join(', ')} in the environment, or pass --var or --var-file. Terraform asks for a value that is missing; in a pipeline it fails.`,
  };
}

/** The files whose values Terraform takes by itself. */
const valueFiles = (place: string): readonly string[] =>
  existsSync(place)
    ? readdirSync(place)
        .filter((name) => /^terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/.test(name))
        .map((name) => join(place, name))
    : [];

/** The variables that a file gives values to; Terraform itself says what is wrong with one that cannot be read. */
function namesIn(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.json')) return Object.keys(parseHclBlocks(text).attributes);
  try {
    return Object.keys(JSON.parse(text) as object);
  } catch {
    return [];
  }
}

const requiredIn = (declared: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(declared).flatMap(([name, about]) => (typeof about === 'object' && about !== null && !('default' in about) ? [name] : []));

const requiredInHcl = (text: string): readonly string[] =>
  [...text.matchAll(/^[ \t]*variable[ \t]+"(\w[\w-]*)"[ \t]*\{/gm)].flatMap(({ index, 1: name = '' }) => {
    const [block] = parseHclBlocks(text.slice(index)).blocks;
    return block && !('default' in block.body.attributes) ? [name] : [];
  });
