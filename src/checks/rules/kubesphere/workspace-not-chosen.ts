import type { BuiltInRule } from '../../built-in';

/**
 * An app repository names no workspace, so it is in "system-workspace", where KubeSphere 4 offers its charts to every workspace.
 *
 * @bad
 * new AppRepository(this, 'stable', { name: 'stable', url: 'https://charts.example.com/stable' });
 * @good
 * new AppRepository(this, 'stable', { name: 'stable', workspace: 'demo', url: 'https://charts.example.com/stable' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Set workspace, to "system-workspace" if it is meant for everyone.',
  types: 'kubesphere_app_repository',
  checkResource(resource, { report }) {
    if (!resource.isWritten('workspace')) report(`${resource.label} is offered to every workspace, because none is set`, 'workspace');
  },
};
