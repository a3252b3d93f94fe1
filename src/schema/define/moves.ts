import { parseJson } from '../../common/exact-json';
import { isJsonObject, type JsonObject, textOf } from './json';

/** A resource type of another provider whose objects can become ours by a `moved` block. */
export interface MoveSource {
  /** Its type, e.g. `restapi_object`. */
  readonly type: string;
  /** The attribute of its state that holds the object, for messages. */
  readonly attribute: string;
  /** The object in the format of the API, from the JSON of the other provider's state; nothing if there is none. The following read fills in missing fields. */
  object(state: JsonObject): JsonObject | undefined;
}

/** Objects of the generic REST provider (Mastercard/restapi): `data` is the body that was sent. */
export const restapiObject: MoveSource = {
  type: 'restapi_object',
  attribute: 'data',
  object({ data }) {
    const body = textOf(data) === undefined ? data : parsed(textOf(data) ?? '');
    return isJsonObject(body) ? body : undefined;
  },
};

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
