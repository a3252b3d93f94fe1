import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type Fault, faultSchema } from '../../registry/faults/fault';
import { Failure, lineOf } from '../failure';

const fileSchema = z.union([z.array(faultSchema), faultSchema.transform((fault) => [fault])]);

/** Reads a faults file: one fault or a list. */
export function readFaults(path: string): readonly Fault[] {
  const json = parse(path, read(path));
  const result = fileSchema.safeParse(json);
  if (result.success) return result.data;
  const list = Array.isArray(json) ? z.array(faultSchema) : faultSchema;
  const [issue] = list.safeParse(json).error?.issues ?? [];
  const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new Failure(
    `the faults file ${path} is wrong${place}: ${issue?.message ?? 'not a fault'}; write faults like [{ "path": "/api/v2/remotes", "status": 503, "count": 1 }]`,
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new Failure(`the faults file cannot be read: ${lineOf(thrown)}`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw new Failure(`the faults file ${path} is not JSON: ${lineOf(thrown)}`);
  }
}
