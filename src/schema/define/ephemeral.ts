import type { ValueRecord } from '../../common/value';
import type { Attributes } from './attribute';
import type { Server } from './data-source';
import type { JsonObject } from './json';
import type { Check, ExampleConfig } from './resource';
import type { ApiCase } from './shape';
import { ephemeralOperations, timeoutsOf } from './timeouts';

/** What came of opening. All that it holds, but for what the configuration says, counts as secret. */
export interface Opened {
  /** What the server answered; it is read into the computed attributes. */
  readonly result: JsonObject;
  /** What there is on the server now, for messages, e.g. `token "ci" of user "admin"`; it shows, so it holds no secret. */
  readonly what: string;
  /** What `renew` and `close` need to know. It is held in memory only, so it may hold secrets. @default nothing */
  readonly private?: JsonObject;
  /** When to renew, some time before it ends; needs `renew`. @default never */
  readonly renewAt?: Date;
}

/** What came of renewing. */
export interface Renewed {
  /** Takes the place of what was kept. @default it stays */
  readonly private?: JsonObject;
  /** When to renew again. @default never */
  readonly renewAt?: Date;
}

/** One ephemeral resource: something made for a run of Terraform, whose values are in neither plan nor state. */
export interface EphemeralDefinition {
  /** Terraform's name, e.g. `bkrepo_user_token`. */
  readonly type: string;
  readonly description: string;
  readonly attributes: Attributes;
  /** How the API writes its fields. @default 'snake' */
  readonly apiCase?: ApiCase;
  /** Checks across attributes, made at validation. */
  readonly checks?: readonly Check[];
  /** Makes it. When the answer cannot be read into the attributes, it is closed at once. */
  open(server: Server, config: ValueRecord): Promise<Opened>;
  /** Prolongs its life; what was given out stays as it is. @default it cannot be prolonged */
  renew?(server: Server, kept: JsonObject): Promise<Renewed>;
  /** Ends its life; what is gone already is a success. @default it ends by itself */
  close?(server: Server, kept: JsonObject): Promise<void>;
  readonly example: ExampleConfig;
}

/** Declares an ephemeral resource; it gets `timeouts` besides its own attributes. */
export function defineEphemeral(definition: EphemeralDefinition): EphemeralDefinition {
  for (const [key, { facts }] of Object.entries(definition.attributes)) {
    if (facts.writeOnly || facts.forceNew)
      throw new Error(`${definition.type}: "${key}" is write-only or forces replacement; nothing of an ephemeral resource is kept`);
  }
  const some = ephemeralOperations.filter((operation) => definition[operation] !== undefined);
  return { ...definition, attributes: { ...definition.attributes, ...timeoutsOf(some) } };
}
