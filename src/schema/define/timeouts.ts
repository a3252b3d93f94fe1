import { durationProblem } from '../../common/duration';
import { attr, type Attributes } from './attribute';
import { nested } from './nested';
import { text } from './types';

/** The operations of a resource that have timeouts. */
export const operations = ['create', 'read', 'update', 'delete'] as const;
/** The operations of an ephemeral resource that have timeouts. */
export const ephemeralOperations = ['open', 'renew', 'close'] as const;
/** The operations of an action that have timeouts. */
export const actionOperations = ['invoke'] as const;
export type Operation = (typeof operations | typeof ephemeralOperations | typeof actionOperations)[number];

const limit = (operation: Operation): Attributes[string] =>
  attr(
    text(durationProblem).optional(),
    `How long the ${operation === 'invoke' ? 'action' : operation} may take, including retries, e.g. \`30s\` or \`5m\`.`,
    {
      api: false,
      notReturned: true,
    },
  );

/** The attribute that limits some operations. */
export const timeoutsOf = (some: readonly Operation[]): Attributes => ({
  timeouts: attr(
    nested(Object.fromEntries(some.map((operation) => [operation, limit(operation)]))).optional(),
    'How long the operations may take. If omitted, `request_timeout` and `max_retries` of the provider limit them.',
    { api: false, notReturned: true },
  ),
});

/** The attribute that every resource has besides its own. */
export const timeouts: Attributes = timeoutsOf(operations);

/** The attributes with `timeouts`. Throws where the definition has one of that name itself. */
export function withTimeouts(type: string, attributes: Attributes, some: readonly Operation[] = operations): Attributes {
  const added = some === operations ? timeouts : timeoutsOf(some);
  // A definition may be made of another one's attributes.
  if (Object.hasOwn(attributes, 'timeouts') && attributes['timeouts'] !== timeouts['timeouts'])
    throw new Error(`${type}: attribute "timeouts": every definition gets the operations' timeouts under this name; take another`);
  return { ...attributes, ...added };
}
