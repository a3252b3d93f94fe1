import fc from 'fast-check';
import { type Guard, grants, type Rights } from '../../../src/registry/backends/bkrepo/grants';
import { type Permission, type Role } from '../../../src/registry/backends/bkrepo/model';

const ACTIONS = ['MANAGE', 'WRITE', 'READ', 'DOWNLOAD', 'VIEW', 'UPDATE', 'DELETE'];
const REPOSITORY = 'files';

const action = fc.constantFrom(...ACTIONS);
const path = fc.constantFrom('/', '/rel', '/rel/a', '/release', '/other/b', '/Personal/bob');
const guard = fc.constantFrom<Guard>('DEFAULT', 'DIR_CTRL', 'STRICT');
const AUDIT = { projectId: 'pp', permName: 'p', createBy: 'admin', createAt: '', updatedBy: 'admin', updateAt: '', users: [], roles: [] };
const permission: fc.Arbitrary<Permission> = fc
  .record({
    resourceType: fc.constantFrom('REPO', 'NODE', 'PROJECT'),
    repos: fc.subarray([REPOSITORY, 'elsewhere']),
    includePattern: fc.array(path, { maxLength: 2 }),
    excludePattern: fc.array(path, { maxLength: 2 }),
    actions: fc.subarray(ACTIONS),
  })
  .map((fields) => ({ ...AUDIT, ...fields }));
const viewer = { roleId: 'project_view', type: 'PROJECT', admin: false, repoName: null } as Role;
const rights: fc.Arbitrary<Rights> = fc.record({
  userId: fc.constant('alice'),
  roles: fc.subarray([viewer]),
  held: fc.array(permission, { maxLength: 3 }),
  others: fc.array(permission, { maxLength: 3 }),
});
const wish = fc.record({ action, path, generic: fc.boolean() });

const may = (
  who: Rights,
  { action: what, path: where, generic }: { action: string; path: string; generic: boolean },
  how: Guard,
): boolean => grants(who, { action: what, project: 'pp', repository: REPOSITORY, path: where, generic }, how);
const change = (who: Rights, how: (row: Permission) => Permission): Rights => ({
  ...who,
  held: who.held.map(how),
  others: who.others.map(how),
});
const onPaths = ({ resourceType, repos }: Permission): boolean => resourceType === 'NODE' && repos.includes(REPOSITORY);

describe('who may use files, as a real server was seen to decide', () => {
  test('managers may everything, in every mode', () => {
    fc.assert(
      fc.property(rights, wish, guard, (who, what, how) => {
        for (const role of [
          { ...viewer, admin: true },
          { ...viewer, type: 'REPO' as const, admin: true, repoName: REPOSITORY },
        ])
          expect(may({ ...who, roles: [role] }, what, how)).toBe(true);
      }),
    );
  });

  test('in DEFAULT mode permissions decide nothing: viewers read and download, nobody else does anything', () => {
    fc.assert(
      fc.property(rights, wish, (who, what) => {
        expect(may(who, what, 'DEFAULT')).toBe(who.roles.length > 0 && ['READ', 'DOWNLOAD'].includes(what.action));
      }),
    );
  });

  test('STRICT never reads what is excluded, nor who views the project, nor what others are permitted', () => {
    fc.assert(
      fc.property(rights, wish, (who, what) => {
        const bare = { ...change(who, (row) => ({ ...row, excludePattern: [] })), roles: [], others: [] };
        expect(may(who, what, 'STRICT')).toBe(may(bare, what, 'STRICT'));
      }),
    );
  });

  test('DIR_CTRL is DEFAULT as long as no permission is on paths of the repository', () => {
    fc.assert(
      fc.property(rights, wish, (who, what) => {
        const none = { ...who, held: who.held.filter((row) => !onPaths(row)), others: who.others.filter((row) => !onPaths(row)) };
        expect(may(none, what, 'DIR_CTRL')).toBe(may(none, what, 'DEFAULT'));
      }),
    );
  });

  test('what the first permission includes is granted, whatever it excludes, in DIR_CTRL and in STRICT', () => {
    fc.assert(
      fc.property(rights, wish, fc.constantFrom<Guard>('DIR_CTRL', 'STRICT'), (who, what, how) => {
        const first = { resourceType: 'NODE', repos: [REPOSITORY], includePattern: [what.path], excludePattern: [what.path] };
        const row: Permission = { ...AUDIT, ...first, actions: [what.action], users: ['alice'] };
        expect(may({ ...who, held: [row, ...who.held] }, what, how)).toBe(true);
      }),
    );
  });
});
