import * as z from 'zod';
import { attr } from '../../src/schema/define/attribute';
import type { Binding } from '../../src/schema/define/binding';
import { bindingOf } from '../../src/schema/define/compile';
import { rest, type RestCollection } from '../../src/schema/define/rest';

/** A REST collection of things with a name, in the form in which the handler calls it. */
export const restBinding = (collection: RestCollection): Binding =>
  bindingOf({ type: 'made_thing', attributes: { name: attr(z.string(), 'Name.') }, key: ['name'] }, rest(collection));
