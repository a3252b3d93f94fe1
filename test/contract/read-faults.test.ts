import { providers } from '../../src/resources';
import { readFaultTests } from '../../src/testing/contract/read-faults';
import { dataExample } from '../../src/testing/read-subject';
import { estateTarget, hasEstate } from '../support/estate';

const subjects = providers.filter(({ name }) => hasEstate(name));

describe.each(subjects.map((provider) => [provider.name, provider] as const))('%s', (_, provider) =>
  readFaultTests(provider, { start: () => estateTarget(provider), configOf: (definition) => dataExample(definition, provider) }),
);
