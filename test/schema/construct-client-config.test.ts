import type { ClientUse } from '../../src/schema/define/definition';
import * as z from 'zod';
import { clientFormats } from '../../src/common/client-config';
import { attr, type Attributes } from '../../src/schema/define/attribute';
import { fieldsOf } from '../../src/schema/define/shape';
import { classFiles } from '../../src/schema/derive/construct/class-files';

const textOf = (clients?: ClientUse, more: Attributes = {}): string =>
  classFiles(
    [
      {
        className: 'Thing',
        kind: 'resource',
        type: 'made_thing',
        provider: 'made',
        description: 'A thing.',
        fields: fieldsOf({ name: attr(z.string(), 'Name of it.'), ...more }),
        ...(clients && { clients }),
      },
    ],
    { header: '', providerPackage: '' },
  )
    .map(({ text }) => text)
    .join('');

test('a repository of one package type has a method with the formats of that type', () => {
  const text = textOf({ kind: 'local', packageType: 'docker' });
  expect(text).toContain("import { clientConfigOf, type ClientConfigOptions } from '../../base/client-config';\n");
  expect(text).toContain(`
  clientConfig(options: ClientConfigOptions<'containerd' | 'registries_conf'> = {}): string {
    return clientConfigOf(this, { provider: 'made', kind: 'local', packageType: 'docker' }, options);
  }
`);
});

test('a repository whose package type is an attribute has all formats', () => {
  const text = textOf({ kind: 'virtual', packageType: { attribute: 'packageType' } });
  expect(text).toContain(`ClientConfigOptions<${clientFormats.map(({ name }) => `'${name}'`).join(' | ')}>`);
  expect(text).toContain("{ provider: 'made', kind: 'virtual', packageType: this.packageTypeInput }, options)");
});

test('a package type without a format, and what is no repository, have no method', () => {
  expect(textOf({ kind: 'remote', packageType: 'generic' })).not.toContain('clientConfig');
  expect(textOf()).not.toContain('clientConfig');
});

test('an attribute of a repository cannot be called like the method', () => {
  const more = { clientConfig: attr(z.string().optional(), 'Something.') };
  expect(() => textOf({ kind: 'remote', packageType: 'npm' }, more)).toThrow(
    'made_thing: attribute "client_config": "clientConfig" is a member of the base class or of another attribute',
  );
  expect(textOf(undefined, more)).toContain('get clientConfig(): string');
});
