import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineRule, type Rule, type RuleSource } from '../../checks/define';
import { Failure } from '../failure';

/** The rules that a module exports, by any name, alone or in lists. */
export async function rulesOf(path: string): Promise<Rule[]> {
  const file = resolve(path);
  if (!existsSync(file)) throw new Failure(`there is no file ${path}; name a module that exports rules`);
  const module = await load(file, path);
  const found = Object.values(module)
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isRule);
  const rules = [...new Set(found)];
  if (rules.length === 0) throw new Failure(`${path} exports no rules; export what defineRule() returns`);
  return rules.map((rule) => {
    try {
      return defineRule(rule);
    } catch (thrown) {
      throw new Failure(`${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  });
}

async function load(file: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
    const { default: inner } = module;
    // What a CommonJS module exports comes as the default, too.
    return typeof inner === 'object' && inner !== null && !isRule(inner) && !Array.isArray(inner) ? (inner as typeof module) : module;
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw new Failure(
        `this Node (${process.version}) does not load TypeScript, so ${path} cannot be read; compile it, or run "NODE_OPTIONS='--import tsx' npx repoform check"`,
      );
    throw new Failure(`${path} cannot be loaded: ${message}`);
  }
}

function isRule(value: unknown): value is RuleSource {
  return typeof value === 'object' && value !== null && 'code' in value && 'severity' in value;
}
