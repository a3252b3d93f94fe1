import { defineRule } from 'repoform/checks';

/** Remotes of the platform team say who answers for them. */
export const ownerInDescription = defineRule({
  code: 'acme-owner-in-description',
  summary: 'A remote does not say who owns it.',
  severity: 'warning',
  fix: 'Begin its description with "Owner: <team>".',
  types: /^artifactapi_remote_/,
  checkResource(resource, { report }) {
    if (!/^Owner: \S+/.test(resource.text('description') ?? '')) report(`${resource.label} has no owner`, 'description');
  },
});

/** A repository that no virtual has is one that clients have to know by name. */
export const inVirtual = defineRule({
  code: 'acme-remote-in-virtual',
  summary: 'A remote is in no virtual, so clients have to know it by name.',
  severity: 'note',
  fix: 'Add it to the virtual of its package type.',
  types: /^artifactapi_remote_(?:npm|pypi|helm)$/,
  checkResource(resource, { estate, report }) {
    if (!estate.linksTo(resource).some(({ attribute }) => attribute === 'members')) report(`${resource.label} is in no virtual`);
  },
});
