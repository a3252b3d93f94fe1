import { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import { requireAuthAdmin, requireProjectAdmin, requireSelf, requireSelfOrAssistant } from './auth-guards';
import { booleanQuery, pageWindow, queryOf, readJson, requiredQuery } from './body';
import { systemError } from './parameter-checks';
import { type BkContext } from './context';
import { addRole, builtinRole } from './creator';
import { ok, pageFrom } from './envelope';
import { type User } from './model';
import { addUser, principalOf } from './principal';
import { problem } from './problem';
import { isPassword } from '../../secrets';
import { type BkTables, keyOf, liveRepository, timestamp } from './tables';
import { createUser, createUserBody, existingUser, hashed, updateUserBody, userDetail, userInfo } from './user-fields';

type ByUser = { Params: { uid: string } };

const BASE_PATH = '/auth/api/user';
const RESET_PASSWORD = 'password';

/** `/auth/api/user`: users. */
export function users(app: FastifyInstance, context: BkContext): void {
  creates(app, context);
  reads(app, context);
  passwords(app, context);
  const { bk } = context;

  app.put<ByUser>(`${BASE_PATH}/update/info/:uid`, async (request, reply) => {
    const { uid } = request.params;
    requireSelf(request, uid);
    const { pwd, asstUsers, ...body } = await readJson(request, updateUserBody);
    const { platform } = principalOf(request);
    if (body.admin) {
      requireAuthAdmin(request);
      if (!platform) throw problem('AUTH_PLATFORM_ONLY', 'this interface is only accessible by platform accounts');
    }
    if (platform) await addUser(bk, { userId: uid, name: uid });
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value != null)) as Partial<User>;
    await change(bk, uid, { ...given, ...(await hashed(pwd)), ...(asstUsers.length > 0 && { asstUsers }) });
    return reply.send(ok(true));
  });

  app.delete<ByUser>(`${BASE_PATH}/delete/:uid`, async (request, reply) => {
    const { uid } = request.params;
    await requireSelfOrAssistant(context, request, uid);
    await bk.atomically(async (tables) => {
      await existingUser(tables, uid);
      await tables.users.remove(uid);
      for (const { name } of await tables.tokens.within(uid)) await tables.tokens.remove(keyOf(uid, name));
    });
    return reply.send(ok(true));
  });
}

function creates(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;
  app.post(`${BASE_PATH}/create`, async (request, reply) => {
    requireAuthAdmin(request);
    await createUser(bk, await readJson(request, createUserBody));
    return reply.send(ok(true));
  });

  app.post(`${BASE_PATH}/create/project`, async (request, reply) => {
    const { projectId, ...body } = await readJson(request, createUserBody.extend({ projectId: z.string() }));
    await requireProjectAdmin(context, request, projectId);
    if (!(await bk.projects.get(projectId))) throw problem('AUTH_PROJECT_NOT_FOUND', 'project for auth not exist');
    await createUser(bk, body);
    await addRole(bk, body.userId, await builtinRole(bk, { project: projectId }));
    return reply.send(ok(true));
  });

  app.post(`${BASE_PATH}/create/repo`, async (request, reply) => {
    const schema = createUserBody.extend({ projectId: z.string(), repoName: z.string() });
    const { projectId, repoName, ...body } = await readJson(request, schema);
    await requireProjectAdmin(context, request, projectId);
    if (!(await liveRepository(bk, projectId, repoName))) throw problem('AUTH_REPOSITORY_NOT_FOUND', 'repo for auth not exist');
    const isThere = (await bk.users.get(body.userId)) !== undefined;
    // Everybody may make a project and so manages one; the passwords of others stay their own all the same.
    if (body.pwd != null && isThere) requireSelf(request, body.userId);
    await createUser(bk, body);
    if (isThere) await change(bk, body.userId, await hashed(body.pwd));
    await addRole(bk, body.userId, await builtinRole(bk, { project: projectId, repository: repoName }));
    return reply.send(ok(true));
  });
}

function reads(app: FastifyInstance, { bk }: BkContext): void {
  app.get<ByUser>(`${BASE_PATH}/detail/:uid`, async (request, reply) => {
    requireSelf(request, request.params.uid);
    const user = await bk.users.get(request.params.uid);
    return reply.send(ok(user ? userDetail(user, await bk.tokens.within(user.userId)) : null));
  });

  app.get<ByUser>(`${BASE_PATH}/userinfo/:uid`, async (request, reply) => {
    requireSelf(request, request.params.uid);
    const user = await bk.users.get(request.params.uid);
    return reply.send(ok(user ? userInfo(user) : null));
  });

  app.get<ByUser>(`${BASE_PATH}/repeat/:uid`, async (request, reply) => {
    requireSelf(request, request.params.uid);
    return reply.send(ok((await bk.users.get(request.params.uid)) !== undefined));
  });

  app.get(`${BASE_PATH}/list`, async (request, reply) => {
    // A project in the query narrows nothing down but the tenant.
    const project = await bk.projects.get(queryOf(request, 'projectId') ?? '');
    const tenant = project?.tenantId ?? null;
    const found = (await bk.users.all()).filter((user) => !user.locked && (tenant === null || user.tenantId === tenant));
    return reply.send(ok(found.map(({ userId, name }) => ({ userId, name }))));
  });

  app.get<{ Params: { number: string; size: string } }>(`${BASE_PATH}/page/:number/:size`, async (request, reply) => {
    requireAuthAdmin(request);
    const window = pageWindow(request.params.number, request.params.size);
    const [admin, locked] = [booleanQuery(request, 'admin'), booleanQuery(request, 'locked')];
    const part = (queryOf(request, 'user') ?? '').toLowerCase();
    const found = (await bk.users.all()).filter(
      (user) =>
        (admin === undefined || user.admin === admin) &&
        (locked === undefined || user.locked === locked) &&
        (user.userId.toLowerCase().includes(part) || user.name.toLowerCase().includes(part)),
    );
    return reply.send(ok(pageFrom(found.map(userInfo), window)));
  });
}

function passwords(app: FastifyInstance, { bk, passwordKeys }: BkContext): void {
  app.get(`${BASE_PATH}/rsa`, async (_request, reply) => reply.send(ok(await passwordKeys.publicKey())));

  app.put<ByUser>(`${BASE_PATH}/update/password/:uid`, async (request, reply) => {
    const { uid } = request.params;
    requireSelf(request, uid);
    const old = await passwordKeys.decrypt(requiredQuery(request, 'oldPwd'));
    const fresh = await passwordKeys.decrypt(requiredQuery(request, 'newPwd'));
    if (old === undefined || fresh === undefined) throw systemError();
    const user = await existingUser(bk, uid);
    if (!(await isPassword(old, user.pwd))) throw problem('PASSWORD_NOT_MODIFIED', 'modify password failed!');
    await change(bk, uid, await hashed(fresh));
    return reply.send(ok(true));
  });

  app.post<ByUser>(`${BASE_PATH}/reset/:uid`, async (request, reply) => {
    const { uid } = request.params;
    requireSelf(request, uid);
    const isThere = (await bk.users.get(uid)) !== undefined;
    if (isThere) await change(bk, uid, await hashed(RESET_PASSWORD));
    return reply.send(ok(isThere));
  });
}

function change(bk: BkTables, userId: string, fields: Partial<User>): Promise<void> {
  return bk.atomically(async (tables) => {
    const user = await existingUser(tables, userId);
    await tables.users.replace(userId, { ...user, ...fields, lastModifiedDate: timestamp() });
  });
}
