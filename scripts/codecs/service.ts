import type { Service } from 'protobufjs';
import { typeName } from './message';

/** The source of the tables that say which messages the methods of services carry. */
export function serviceSource(services: readonly Service[]): string {
  return ["import * as messages from './messages';", "import type { MethodType } from '../wire/codec';", ...services.map(table), ''].join(
    '\n',
  );
}

function table(service: Service): string {
  const path = service.fullName.slice(1);
  const methods = service.methodsArray.map((method) => {
    const [request, response] = [method.resolvedRequestType, method.resolvedResponseType].map((type) => {
      if (!type) throw new Error(`${method.fullName} has no message`);
      return typeName(type);
    }) as [string, string];
    const stream = method.requestStream ? 'request' : method.responseStream ? 'response' : 'none';
    const facts = `path: '/${path}/${method.name}', request: messages.${request}, response: messages.${response}, stream: '${stream}'`;
    return `  ${method.name}: { ${facts} } satisfies MethodType<messages.${request}, messages.${response}>,`;
  });
  return ['', `/** The methods of \`${path}\`. */`, `export const ${service.name} = {`, ...methods, '} as const;'].join('\n');
}
