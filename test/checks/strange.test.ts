import * as fc from 'fast-check';
import { providers } from '../../src/resources';
import { fieldsOf } from '../../src/schema/define/shape';
import { checked, stackText } from './stacks';

const types = providers.flatMap(({ resources }) =>
  resources.map(({ type, attributes, apiCase }) => ({ type, names: fieldsOf(attributes, apiCase).map(({ name }) => name) })),
);

/** A resource of ours with any JSON in place of its values. */
const strange = fc.constantFrom(...types).chain(({ type, names }) =>
  fc.record({
    type: fc.constant(type),
    body: fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('${var.x}', `\${${type}.r1.name}`, 'http://example.com', 'r0', '(', '')),
    ),
  }),
);

test('no rule fails at values of the wrong types, at expressions and at cycles', () => {
  fc.assert(
    fc.property(fc.array(strange, { minLength: 1, maxLength: 4 }), (blocks) => {
      const resource: Record<string, Record<string, object>> = {};
      blocks.forEach(({ type, body }, index) => ((resource[type] ??= {})[`r${index}`] = body));
      const { findings, notChecked } = checked({ registry: stackText(resource) });
      for (const { message } of findings) expect(message).not.toMatch(/undefined|\[object|NaN/);
      for (const { attribute } of notChecked) expect(attribute).not.toBe('');
    }),
    { numRuns: 300 },
  );
});
