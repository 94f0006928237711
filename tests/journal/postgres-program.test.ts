import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '#server/audit/who.ts';
import { removeProject, setField } from '#doc/mutators.ts';
import { isSameBoard } from '#domain/compare-boards.ts';
import { BoardReader } from '#server/boards/board-reader.ts';
import { BoardsInTime } from '#server/history/boards-in-time.ts';
import { PastBoards } from '#server/history/past-boards.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { type PostgresServer, query, startPostgresOrSay } from '../support/postgres.ts';
import { startServer, temporaryDataDir, tongchou } from '../support/server-process.ts';
import { BOARD, cookieOf, startSyncApp, type SyncApp } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { joinAsUsualClient } from '../support/usual-client.ts';

const PASSWORD = 'a-long-test-password';
const found = await startPostgresOrSay();
afterAll(() => found?.stop());

describe.skipIf(!found)('the whole program on PostgreSQL', () => {
	const postgres = found as PostgresServer;
	const rename = (peer: BoardPeer, id: string, value: string) =>
		peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value }));

	test('the real server makes its board there, lets people in, and has their edits after a restart', async () => {
		const dataDir = temporaryDataDir();
		const env = { DATABASE_URL: await postgres.createDatabase() };
		const command = async (args: string[], input?: string) => {
			const { code, stdout, stderr } = await tongchou(dataDir, args, input, env);
			expect(code, stderr).toBe(0);
			return stdout;
		};
		let server = await startServer({ dataDir, env });
		const person = [
			'--email',
			'mei@example.cn',
			'--name',
			'李梅',
			'--org',
			'org-km-fagaiwei',
			'--role',
			'planner'
		];
		await command(['user', 'add', ...person, '--password-stdin'], PASSWORD);
		await command(['member', 'add', '--board', BOARD, '--email', 'mei@example.cn', '--role', 'planner']);
		const token = (await command(['token', 'create', '--email', 'mei@example.cn'])).trim();

		const signIn = await fetch(`${server.origin}/api/auth/sign-in/email`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin: server.origin },
			body: JSON.stringify({ email: 'mei@example.cn', password: PASSWORD })
		});
		expect(signIn.status).toBe(200);
		const cookie = signIn.headers
			.getSetCookie()
			.map((line) => line.split(';')[0])
			.join('; ');
		const byCookie = await joinAsUsualClient(server, BOARD, { cookie, origin: server.origin });
		const byToken = await BoardPeer.join(server, BOARD, { token });
		expect(byToken.board.projects).toHaveLength(56);
		const { id } = byToken.board.projects[0]!;
		rename(byToken, id, '写在 PostgreSQL 里');
		await byToken.saved();
		await byCookie.shows(id, '写在 PostgreSQL 里');
		byCookie.destroy();
		expect(await server.stop()).toBe(0);

		server = await startServer({ dataDir, env });
		const after = await BoardPeer.join(server, BOARD, { token });
		expect(after.nameOf(id)).toBe('写在 PostgreSQL 里');
		const changes = await fetch(`${server.origin}/api/boards/${BOARD}/changes?limit=1`, {
			headers: { authorization: `Bearer ${token}` }
		});
		expect(await changes.json()).toMatchObject({ changes: [{ after: '写在 PostgreSQL 里', projectId: id }] });
		expect(await command(['history', 'verify', '--board', BOARD])).toMatch(/all sound/);
		await command(['history', 'rebuild', '--board', BOARD]);
		after.leave();
		expect(await server.stop()).toBe(0);
	}, 240_000);

	describe('in this process', () => {
		let url: string;
		let app: SyncApp;
		beforeAll(async () => {
			url = await postgres.createDatabase();
			app = await startSyncApp({ databaseUrl: url, limits: { recheckMs: 100 } });
		});
		afterAll(() => app.close());

		test('rights, sessions and roles take effect on open connections', async () => {
			const mei = await app.addPerson('mei', 'planner');
			const cookie = await cookieOf(app, mei.email);
			const [peer, browser] = [
				await BoardPeer.join(app, BOARD, mei),
				await BoardPeer.join(app, BOARD, { cookie, origin: app.origin })
			];
			await app.app.context.auth.api.signOut({ headers: new Headers({ cookie }) });
			expect(await browser.raw.closeCode()).toBe(4401);
			await app.app.context.boards.removeMember(BOARD, mei.id, { who: SYSTEM, role: 'owner' });
			expect(await peer.raw.closeCode()).toBe(4403);
		});

		test('while another connection holds the board, nobody is shown what is not committed', async () => {
			const bo = await app.addPerson('bo', 'planner');
			const [one, two] = [await BoardPeer.join(app, BOARD, bo), await BoardPeer.join(app, BOARD, bo)];
			await Promise.all([one.saved(), two.saved()]);
			const { id, name } = one.board.projects[0]!;
			const held = Promise.withResolvers<void>();
			const holding = Promise.withResolvers<void>();
			const transaction = app.database.db.transaction().execute(async (trx) => {
				await trx.updateTable('board').set({ created_by: 'system' }).where('id', '=', BOARD).execute();
				holding.resolve();
				await held.promise;
			});
			await holding.promise;
			rename(one, id, '等着');
			for (let count = 2; count < 22; count++) {
				two.raw.send([100, 1, 0, 0]);
				await two.raw.get('hello', count);
			}
			expect([two.nameOf(id), one.acked]).toEqual([name, 1]);
			held.resolve();
			await transaction;
			await one.saved();
			await two.shows(id, '等着');
			one.leave();
			two.leave();
		});

		test('two moments are compared, a project comes back, and visits are kept', async () => {
			const fen = await app.addPerson('fen', 'planner');
			const peer = await BoardPeer.join(app, BOARD, fen);
			const [project] = peer.board.projects;
			const { seq } = await app.journal.head(BOARD);
			peer.edit((doc) => removeProject(doc, project!.id));
			await peer.saved();
			const { comparisons, restores, visits } = app.app.context;
			const compared = () => comparisons.compare(BOARD, { from: String(seq) });
			expect((await compared()).removed).toMatchObject([{ id: project!.id }]);
			const actor = { userId: fen.id, sessionId: 'session', via: 'cookie' as const };
			const who = { userId: fen.id, sessionId: 'session', address: null };
			await restores.restore(BOARD, { at: seq, projectId: project!.id }, { actor, who });
			expect(isSameBoard(await compared())).toBe(true);
			expect(peer.board.projects).toContainEqual(project);
			expect((await comparisons.startingPoints(BOARD, null)).at(-1)).toMatchObject({ kind: 'beginning' });
			const times = ['2026-05-20T08:00:00.000Z', '2026-05-20T08:29:00.000Z', '2026-05-20T09:00:00.000Z'];
			const notes = [];
			for (const time of times) notes.push(await visits.note(BOARD, fen.id, new Date(time)));
			expect(notes).toEqual([null, null, times[1]]);
			const { journal, database } = app;
			const boards = new BoardsInTime(
				{
					db: database.db,
					journal,
					boardReader: new BoardReader(journal),
					pastBoards: new PastBoards(journal)
				},
				{ projects: 0, entries: 0 }
			);
			expect(await boards.read(BOARD, String(seq))).toEqual(
				await new PastBoards(journal).read(BOARD, String(seq))
			);
			peer.leave();
		});

		test('a crash of the database costs nothing that was acked, and the program heals by itself', async () => {
			const lan = await app.addPerson('lan', 'planner');
			const before = await BoardPeer.join(app, BOARD, lan);
			const { id } = before.board.projects[1]!;
			rename(before, id, '之前');
			await before.saved();
			await postgres.crashAndRestart();
			rename(before, id, '之后');
			await until('an answer', () => before.raw.closed ?? before.acked === before.sent);
			await until('the database is back', () => app.app.isReady());
			const after = await BoardPeer.join(app, BOARD, lan, { doc: before.doc });
			await after.saved();
			expect(after.nameOf(id)).toBe('之后');
			expect((await app.journal.verify(BOARD)).ok).toBe(true);
			before.leave();
			after.leave();
		});

		test('two processes on one database fence each other, and end with one board', async () => {
			const wen = await app.addPerson('wen', 'planner');
			const second = await startSyncApp({
				databaseUrl: url,
				dataDir: app.dataDir,
				limits: { recheckMs: 100 }
			});
			const write = async (on: SyncApp, projectIndex: number) => {
				let peer = await BoardPeer.join(on, BOARD, wen);
				const id = peer.board.projects[projectIndex]!.id;
				for (let count = 0; count < 10; count++) {
					rename(peer, id, `${projectIndex}–${count}`);
					await until('an answer', () => peer.raw.closed ?? peer.acked === peer.sent);
					while (peer.raw.closed) peer = await BoardPeer.join(on, BOARD, wen, { doc: peer.doc });
					await peer.saved().catch(() => undefined); // somebody else was first; the next turn brings it
				}
				while (peer.acked < peer.sent) {
					await until('an answer', () => peer.raw.closed ?? peer.acked === peer.sent);
					if (peer.raw.closed) peer = await BoardPeer.join(on, BOARD, wen, { doc: peer.doc });
				}
				return { peer, id };
			};
			const [one, two] = await Promise.all([write(app, 2), write(second, 3)]);
			expect(await app.journal.verify(BOARD)).toMatchObject({ ok: true });
			for (const on of [app, second]) {
				const reader = await BoardPeer.join(on, BOARD, wen);
				expect(reader.nameOf(one.id)).toBe('2–9');
				expect(reader.nameOf(two.id)).toBe('3–9');
				reader.leave();
			}
			one.peer.leave();
			two.peer.leave();
			await second.close();
		});

		test('texts are sorted by their bytes, whatever the database thinks of them', async () => {
			const { rows } = await query(
				url,
				`select count(*)::int as count from information_schema.columns
				where table_name in ('change', 'change_term', 'journal', 'board', 'membership', 'audit') and data_type = 'text'
				and collation_name is distinct from 'C'`
			);
			expect(rows).toEqual([{ count: 0 }]);
			const { db } = app.database;
			for (const at of ['2026', '2026-05', '2026-05-19', '2026-05-19T08:00:00.000Z', '2026-1'])
				await db
					.insertInto('audit')
					.values({
						id: at,
						at,
						actor_id: null,
						session_id: null,
						address: null,
						action: 'x',
						object: null,
						result: 'ok'
					})
					.execute();
			const sorted = await db
				.selectFrom('audit')
				.select('at')
				.where('action', '=', 'x')
				.orderBy('at')
				.execute();
			expect(sorted.map(({ at }) => at)).toEqual(sorted.map(({ at }) => at).sort());
		});
	});
});
