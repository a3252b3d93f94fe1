import { HttpError } from '../../../errors';
import { isTooDeep } from '../../json';

/** The JSON that a client sent, or a 400. */
export function readBody(body: Buffer): unknown {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpError(400, 'invalid body: not JSON');
  }
  if (isTooDeep(json)) throw new HttpError(400, 'invalid body: nested too deeply');
  return json;
}
