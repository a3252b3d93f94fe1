import {
  attr,
  connection,
  defineAction,
  defineEphemeral,
  defineResource,
  error,
  isJsonObject,
  known,
  type JsonObject,
  nested,
  notFoundIsNothing,
  type ProviderDefinition,
  rest,
  secret,
  UnexpectedAnswer,
  unwrapObject,
  warning,
  z,
} from '../../../src/schema/define';

const door = defineResource({
  type: 'gate_door',
  description: 'A door with a password.',
  attributes: { name: attr(z.string(), 'Name of the door.', { forceNew: true }), ...secret('password', 'Password of the door.') },
  key: ['name'],
  ...rest({ path: '/doors' }),
  example: { minimal: { name: 'front' }, full: { name: 'front', passwordWo: 'open-Sesame-81' } },
});

const passOf = (kept: JsonObject): string => `/passes/${String(kept['id'])}`;
const ends = (answer: JsonObject): Date => new Date(String(answer['ends']));

const pass = defineEphemeral({
  type: 'gate_pass',
  description: 'A pass that opens doors for a while.',
  attributes: {
    holder: attr(z.string().min(3), 'Who it is for.'),
    doorNames: attr(z.array(z.string()).default([]), 'Names of the doors that it opens.'),
    lifetime: attr(z.int().min(1).default(3600), 'Seconds that it lasts.'),
    note: attr(z.string().optional(), 'What it is for.'),
    token: attr(z.string(), 'What opens the doors.', { computed: true, sensitive: true }),
    url: attr(z.string(), 'Where the doors are opened.', { computed: true }),
    issuer: attr(nested({ deskNumber: attr(z.int(), 'Number of the desk.') }), 'Who made it.', { computed: true }),
    greeting: attr(z.string(), 'How to greet the holder.'),
  },
  derived: { greeting: ({ holder }) => `Hello ${holder}` },
  checks: [
    ({ holder, note }) =>
      holder !== undefined && holder === note ? [error('Invalid Note', 'The note says nothing; leave it out.', ['note'])] : [],
  ],
  async open({ client, config: { holder, doorNames, lifetime } }) {
    const { json } = await client.send({ method: 'POST', path: '/passes', body: { holder, door_names: doorNames, lifetime } });
    const result = unwrapObject(json, '/passes');
    const id = result['id'] ?? null;
    return { result, what: `pass ${String(id)} of ${holder}`, private: { id }, renewAt: ends(result) };
  },
  async renew({ client, private: kept }) {
    const { json } = await client.send({ method: 'PUT', path: `${passOf(kept)}/renewal`, body: {} });
    if (!isJsonObject(json)) throw new UnexpectedAnswer('the renewal is no object');
    return { private: { id: json['id'] ?? null }, ...(json['ends'] !== undefined && { renewAt: ends(json) }) };
  },
  async close({ client, private: kept }) {
    await notFoundIsNothing(client.send({ method: 'DELETE', path: passOf(kept) }));
  },
  example: { holder: 'night watch', doorNames: ['front'] },
});

/** Ends by itself, and has nothing that renews it. */
const hint = defineEphemeral({
  type: 'gate_hint',
  description: 'A hint that is forgotten at once.',
  attributes: { text: attr(z.string(), 'The hint.', { computed: true }) },
  async open({ client }) {
    const { json } = await client.send({ method: 'GET', path: '/hint' });
    return { result: unwrapObject(json, '/hint'), what: 'a hint', renewAt: new Date(0) };
  },
  example: {},
});

const ring = defineAction({
  type: 'gate_ring',
  description: 'Rings the bell of a door.',
  attributes: {
    door: attr(z.string().min(3), 'Name of the door.', { refersTo: { type: 'gate_door', attribute: 'name' } }),
    times: attr(z.int().min(1).max(9).default(1), 'How often to ring.'),
    code: attr(z.string().optional(), 'Code of the bell.', { sensitive: true }),
    guests: attr(z.array(nested({ name: attr(z.string(), 'Name of the guest.') })).default([]), 'Who comes.'),
  },
  checks: [({ door, code }) => (door !== undefined && door === code ? [error('Invalid Code', 'Every guest knows it.', ['code'])] : [])],
  planChecks: [
    async ({ config, find }) => {
      const name = known(config.door);
      const found = name === undefined ? undefined : await find(/^gate_door$/, { name });
      return found && 'object' in found && found.object['bell'] === false
        ? [error('No Bell', `"door": the door "${name}" has no bell. Name another door.`, ['door'])]
        : [];
    },
  ],
  async invoke({ client, config: { door, times, code, guests }, progress, tell }) {
    for (let ring = 1; ring <= times; ring += 1) {
      const answer = await client.post(`/doors/${encodeURIComponent(door)}/bell`, { code, guests: guests.map(({ name }) => name) });
      progress(`ring ${ring} of ${times}: ${String(answer?.['sound'])}`);
    }
    if (times > 3) tell(warning('Neighbours', 'They are awake now.'));
  },
  example: { door: { ref: 'gate_door.example.name' }, times: 2 },
});

/** A made-up provider with ephemeral resources and an action. */
export const gate: ProviderDefinition = {
  name: 'gate',
  title: 'Gate',
  description: 'Doors and passes.',
  attributes: connection('Gate'),
  resources: [door],
  dataSources: [],
  ephemerals: [pass, hint],
  actions: [ring],
  functions: [],
  example: { endpoint: 'http://127.0.0.1:8000' },
};
