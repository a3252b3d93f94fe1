import { NOTES_KEY } from '../common/suppressed';
import { isJsonObject, type Json, type JsonObject, textOf } from '../schema/define/json';
import type { Place } from './findings';
import type { Suppression } from './suppressions';

/** The suppressions in a synthesized stack: they are in the comments of its blocks. */
export function suppressionsIn(text: string, stack: string): Suppression[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isJsonObject(json)) return [];
  const whole = notesOf(json, { stack, address: undefined, construct: undefined });
  return [...whole, ...inResources(json.resource, stack), ...inProviders(json.provider, stack)];
}

function inResources(types: Json | undefined, stack: string): Suppression[] {
  return entriesOf(types).flatMap(([type, named]) =>
    entriesOf(named).flatMap(([name, body]) =>
      isJsonObject(body) ? notesOf(body, { stack, address: `${type}.${name}`, construct: pathOf(body) }) : [],
    ),
  );
}

function inProviders(providers: Json | undefined, stack: string): Suppression[] {
  return entriesOf(providers).flatMap(([name, blocks]) =>
    (Array.isArray(blocks) ? (blocks as readonly Json[]) : [blocks]).filter(isJsonObject).flatMap((body) => {
      const alias = textOf(body.alias);
      return notesOf(body, { stack, address: ['provider', name, ...(alias === undefined ? [] : [alias])].join('.'), construct: undefined });
    }),
  );
}

const entriesOf = (json: Json | undefined): [string, Json][] => (isJsonObject(json) ? (Object.entries(json) as [string, Json][]) : []);

const commentOf = (body: JsonObject): JsonObject => (isJsonObject(body['//']) ? body['//'] : {});

function pathOf(body: JsonObject): string | undefined {
  const { metadata } = commentOf(body);
  return isJsonObject(metadata) ? textOf(metadata.path) : undefined;
}

function notesOf(body: JsonObject, place: Place): Suppression[] {
  const notes = commentOf(body)[NOTES_KEY];
  const suppress = isJsonObject(notes) ? notes.suppress : undefined;
  return entriesOf(suppress).map(([code, reason]) => ({
    code,
    reason: textOf(reason) ?? '',
    isInSource: true,
    place,
    matches: ({ stack, address }) => stack === place.stack && address === place.address,
  }));
}
