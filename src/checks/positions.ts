import { join, relative, resolve, sep } from 'node:path';
import { POSITIONS_FILE } from '../common/positions';
import { z } from '../schema/define';
import type { Position } from './output/report';

const fileJson = z.object({ version: z.literal(1), root: z.string(), positions: z.record(z.string(), z.string()) });

/** The positions that synthesis recorded beside a stack, by address. What is not as expected is left out: positions are a convenience. */
export function positionsBeside(folder: string, cwd: string, read: (file: string) => string | undefined): ReadonlyMap<string, Position> {
  const parsed = fileJson.safeParse(jsonOf(read(join(folder, POSITIONS_FILE))));
  if (!parsed.success) return new Map();
  const { root, positions } = parsed.data;
  return new Map(
    Object.entries(positions).flatMap(([address, text]) => {
      const [, path, line, column] = /^(.+):(\d+):(\d+)$/.exec(text) ?? [];
      if (path === undefined) return [];
      return [[address, { file: shownPath(resolve(folder, root, path), cwd), line: Number(line), column: Number(column) }] as const];
    }),
  );
}

/** A path relative to a folder, with `/`. */
export const shownPath = (path: string, cwd: string): string => relative(cwd, path).split(sep).join('/');

/** An address without the keys of instances and modules, of which one line makes all. */
export const blockOf = (address: string): string => address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
