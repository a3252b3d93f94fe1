import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import * as ts from 'typescript';

/** What a room of constructs exports, by name. */
export type Room = Readonly<Record<string, unknown>>;

/** The blocks that an example makes, as HCL: its statements are run in a stack with a provider. */
export function hclOf(example: string, room: Room, provider: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'repoform-docs-'));
  try {
    const stack = new TerraformStack(new App({ outdir, hclOutput: true }), 'example');
    const make = room[provider] as new (...args: readonly unknown[]) => unknown;
    new make(stack, 'provider', { endpoint: 'http://127.0.0.1:8000', installLocally: false });
    const statements = ts.transpile(example, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext });
    new Function(...Object.keys(room), statements).apply(stack, Object.values(room));
    const { hcl } = stack.toHclTerraform() as { readonly hcl: string };
    return laidOut(withoutProvider(hcl));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const withoutProvider = (hcl: string): string => hcl.replace(/^terraform \{[\s\S]*?^provider "[^"]*" \{[\s\S]*?^\}\n/m, '');

/** As somebody would write it: indented, aligned, without the hashes in names and without quotes around references. */
function laidOut(hcl: string): string {
  let depth = 0;
  const lines = hcl
    .replace(/_[0-9A-F]{8}\b/g, '')
    .replace(/"\$\{([\w.]+)\}"/g, '$1')
    .replace(/depends_on = \[[^\]]*\]/g, (list) => list.replace(/"/g, ''))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      if (/^[}\]]/.test(line)) depth -= 1;
      const indented = '  '.repeat(depth) + line;
      if (/[{[]$/.test(line)) depth += 1;
      return indented;
    });
  return `${aligned(lines)
    .join('\n')
    .replace(/^\}\n(?=.)/gm, '}\n\n')}\n`;
}

const assignment = /^( *)(\w+) = (.*[^{[])$/;

/** Assignments that follow one another get their signs under one another. */
function aligned(lines: readonly string[]): string[] {
  return lines.map((line, index) => {
    const [, indent = '', name, value] = assignment.exec(line) ?? [];
    if (name === undefined) return line;
    const isBeside = (other: string | undefined): boolean => other !== undefined && assignment.exec(other)?.[1] === indent;
    let [first, last] = [index, index];
    while (isBeside(lines[first - 1])) first -= 1;
    while (isBeside(lines[last + 1])) last += 1;
    const width = Math.max(...lines.slice(first, last + 1).map((other) => assignment.exec(other)?.[2]?.length ?? 0));
    return `${indent}${name.padEnd(width)} = ${value}`;
  });
}
