import * as z from 'zod';
import { attr } from '../../src/schema/define/attribute';
import { connection } from '../../src/schema/define/connection';
import { nested } from '../../src/schema/define/nested';
import { defineProvider } from '../../src/schema/define/provider';
import { defineResource } from '../../src/schema/define/resource';
import { rest } from '../../src/schema/define/rest';
import { isServers } from '../../src/schema/define/shape';
import { secret } from '../../src/schema/define/types';
import { filled, type Maker } from './made-up';

const login = attr(nested({ user: attr(z.string(), 'User.'), ...secret('password', 'Password.') }).optional(), 'How it logs in.');

const id = attr(z.string(), 'Id that the server gives it.', { computed: true });

/** A team with secrets in each kind of nesting, and values that the server sets. */
const team = defineResource({
  type: 'keeper_team',
  description: 'A team.',
  attributes: {
    name: attr(z.string(), 'Name.', { forceNew: true }),
    note: attr(z.string().optional(), 'Note.'),
    login,
    hooks: attr(z.record(z.string(), nested({ url: attr(z.string(), 'URL.'), ...secret('token', 'Token.') })).optional(), 'Hooks by name.'),
    users: attr(
      z
        .array(nested({ name: attr(z.string(), 'Name.'), role: attr(z.string().default('reader'), 'Role.'), id, ...secret('key', 'Key.') }))
        .optional(),
      'Users.',
      { elementKey: 'name' },
    ),
    pins: attr(
      z.record(z.string(), nested({ pin: attr(z.string().optional(), 'Pin.', { writeOnly: true }) })).optional(),
      'Pins, sent each time.',
    ),
    status: attr(z.string(), 'What it does now.', { computed: true, volatile: true, api: ['status', 'sync.state'] }),
    revision: attr(z.string(), 'Counts changes.', { computed: true }),
  },
  key: ['name'],
  ...rest({ path: '/things' }),
  example: { minimal: { name: 'core' }, full: { name: 'core', note: 'Core.' } },
});

export const keeper = defineProvider({
  name: 'keeper',
  title: 'Keeper',
  description: 'Keeps teams.',
  attributes: connection('Keeper'),
  resources: [team],
  example: {},
});

let count = 0;

/** Sets what only the server sets, to something new with each write. */
export const keeping: Maker = (fields, body) =>
  filled(fields, body, (field) => (isServers(field) && !field.facts.rotation ? `made-${(count += 1)}` : undefined));
