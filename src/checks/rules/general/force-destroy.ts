import type { BuiltInRule } from '../../built-in';

/**
 * A delete of the repository also deletes the files in it. With an endpoint, only repositories that hold files are reported.
 *
 * @bad
 * new LocalPypi(this, 'internal', { name: 'internal', forceDestroy: true });
 * @good
 * new LocalPypi(this, 'internal', { name: 'internal' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Remove force_destroy; set it only in the change that precedes an intended delete.',
  checkResource(resource, { report }) {
    const { lossAttribute: attribute } = resource;
    if (attribute !== undefined && resource.flag(attribute))
      report(`a delete of ${resource.label} also deletes the files in it`, attribute);
  },
  async checkOnServer(resource, { report, server }) {
    const { lossAttribute: attribute } = resource;
    if (attribute === undefined || !resource.flag(attribute)) return;
    const [first, ...others] = await server.filesOf(resource);
    if (first === undefined) return;
    const count = others.length === 0 ? 'a file' : `${others.length >= 999 ? 'at least ' : ''}${others.length + 1} files`;
    report(`a delete of ${resource.label} also deletes what it holds: ${count}, e.g. "${first}"`, attribute);
  },
};
