import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RecordedChange } from '#domain/change.ts';
import { loadPortfolio } from '#seeds/portfolio.ts';
import { type AppContext, provideAppContext } from '#server/app-context.ts';
import { AuditService } from '#server/audit/audit.service.ts';
import { AuthService } from '#server/auth/auth.service.ts';
import { createAuth, migrateAuth } from '#server/auth/create-auth.ts';
import { OwnerLinkService } from '#server/auth/owner-link.service.ts';
import { readOrCreateSecret } from '#server/auth/secret.ts';
import { SignInService } from '#server/auth/sign-in.service.ts';
import { BoardReader } from '#server/boards/board-reader.ts';
import { VisitService } from '#server/boards/visit.service.ts';
import { BoardService } from '#server/boards/board.service.ts';
import type { Config } from '#server/config.ts';
import { prepareDataDir } from '#server/data-dir.ts';
import type { Connection } from '#server/database/connect.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { FileLock } from '#server/database/file-lock.ts';
import { assertWritable, claimDatabase, openDatabase } from '#server/database/open.ts';
import { ActService } from '#server/history/act.service.ts';
import { RefusedEdits } from '#server/history/refused-edits.ts';
import { SessionEnds } from '#server/history/session-ends.ts';
import { HistoryService } from '#server/history/history.service.ts';
import { BoardsInTime } from '#server/history/boards-in-time.ts';
import { CheckpointKeeper } from '#server/history/checkpoint-keeper.ts';
import { Checkpoints } from '#server/history/checkpoints.ts';
import { ClashService } from '#server/history/clash.service.ts';
import { CompareService } from '#server/history/compare.service.ts';
import { PastSessions } from '#server/history/past-sessions.ts';
import { PastBoards } from '#server/history/past-boards.ts';
import { RestoreService } from '#server/history/restore.service.ts';
import { VersionService } from '#server/history/version.service.ts';
import { GroupCommit } from '#server/journal/group-commit.ts';
import { Journal } from '#server/journal/journal.ts';
import { SegmentKeeper } from '#server/journal/segment-keeper.ts';
import { createLog } from '#server/log.ts';
import { OrganisationService } from '#server/organisations/organisation.service.ts';
import { PeopleService } from '#server/people/people.service.ts';
import { DailyRoots } from '#server/proof/daily-roots.ts';
import { ProofService } from '#server/proof/proof.service.ts';
import { RootService } from '#server/proof/root.service.ts';
import type { SyncDeps } from '#server/sync/deps.ts';
import { EditDesk } from '#server/sync/edit-desk.ts';
import { Compactor } from '#server/sync/compactor.ts';
import { SYNC_LIMITS, type SyncLimits } from '#server/sync/limits.ts';
import { RoomRegistry } from '#server/sync/room-registry.ts';
import { StatePacker } from '#server/sync/state-packer.ts';
import { tellActs, tellSettled } from '#server/sync/tell-settled.ts';
import { attachSync, type SyncServer } from '#server/sync/sync-server.ts';
import { peerAddressOf } from '#server/web/peer-address.ts';

/** A database that takes longer to answer does not answer. */
const ANSWER_MS = 2_000;

/** The program put together, without a port. */
export interface App {
	context: AppContext;
	/** Whether the database answers. */
	isReady(): Promise<boolean>;
	/** Serves `/sync/{board}` on a server. */
	attachSync(server: Server): SyncServer;
	/**
	 * What is done beside: signing the state of all boards every day, packing what is old of their journals,
	 * keeping checkpoints along these, telling which working sessions are over, and finding those of the past on boards
	 * that are older than these.
	 */
	keepHouse(): void;
	/** Lets the database go. */
	close(): Promise<void>;
}

/** Services over one open database: what the command line and the server share. */
export async function createServices(config: Config, connection: Connection) {
	const { db } = connection;
	const secret = config.authSecret ?? readOrCreateSecret(config.dataDir);
	const auth = createAuth({ connection, secret, origin: config.origin });
	await migrateAuth(auth);
	const portfolio = loadPortfolio();
	const journal = new Journal(db);
	const audit = new AuditService(db);
	const authService = new AuthService({ db, auth, audit });
	const isSecure = config.origin.startsWith('https:');
	const signIns = new SignInService({ db, auth, audit, secret, isSecure });
	const people = new PeopleService({ db, auth, audit });
	const ownerLinks = new OwnerLinkService({ db, people });
	const organisations = new OrganisationService({ db, audit });
	const boards = new BoardService({ db, journal, auth: authService, people, audit, portfolio });
	const boardReader = new BoardReader(journal);
	const pastBoards = new PastBoards(journal);
	const boardsInTime = new BoardsInTime({ db, journal, boardReader, pastBoards });
	const checkpoints = new Checkpoints({ db, journal, boards: boardsInTime });
	const library = new Set(portfolio.projects.map(({ id }) => id));
	const isInLibrary = (projectId: string) => library.has(projectId);
	const acts = new ActService(db);
	const history = new HistoryService({
		db,
		journal,
		boards: boardsInTime,
		people,
		organisations,
		isInLibrary
	});
	const comparisons = new CompareService({ journal, boards: boardsInTime });
	const versions = new VersionService({ db, journal, people, audit, acts });
	const roots = new RootService({ journal, dataDir: config.dataDir });
	const proofs = new ProofService({ journal, roots });
	const services = { auth, audit, portfolio, journal, authService, signIns, ownerLinks, people };
	const visits = new VisitService(db);
	const reading = {
		boardReader,
		acts,
		isInLibrary,
		history,
		checkpoints,
		comparisons,
		versions,
		roots,
		proofs
	};
	return { ...services, ...reading, organisations, boards, visits };
}
export type Services = Awaited<ReturnType<typeof createServices>>;

/** Gives a new database what everybody starts with: the portfolio's organisations and its board. */
export async function fillEmpty({ organisations, boards, portfolio }: Services): Promise<void> {
	await organisations.addFrom(portfolio);
	await boards.createDefault();
}

/** What may be other than usual, for tests and benchmarks. */
export interface AppOptions {
	limits?: Partial<SyncLimits>;
	log?: Logger;
}

/**
 * Puts the program together on the database its settings name, and fills an empty one.
 * @throws {ConfigError} for the data folder, {StartError} for the database, {SeedError} naming a bad record of the portfolio
 */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
	prepareDataDir(config);
	const lock = claimDatabase(config.databaseUrl);
	try {
		return await createAppOn(await openDatabase(config.databaseUrl), { config, lock, options });
	} catch (error) {
		lock?.release();
		throw error;
	}
}

async function createAppOn(
	connection: Connection,
	{ config, lock, options }: { config: Config; lock: FileLock | undefined; options: AppOptions }
): Promise<App> {
	await assertWritable(connection, config.databaseUrl);
	const services = await createServices(config, connection);
	await fillEmpty(services);
	const { journal, acts, isInLibrary, ...shared } = services;
	const log = options.log ?? createLog(config.logLevel);
	const deps = syncDepsOf({ ...shared, acts, isInLibrary, config, log }, journal, options.limits);
	const rooms = new RoomRegistry(deps);
	const tell = (boardId: string, rows: readonly RecordedChange[]) => tellActs(rooms, boardId, rows);
	acts.tellBy(tell);
	const sessionEnds = new SessionEnds({ db: connection.db, journal, tell, log });
	const { history } = services;
	const pastSessions = new PastSessions({ db: connection.db, journal, history, log });
	const dailyRoots = new DailyRoots(shared.roots, log);
	const segments = new SegmentKeeper(journal, config.journalSegmentAfterDays, log);
	const { databaseUrl } = config;
	const checkpoints = new CheckpointKeeper({ journal, checkpoints: shared.checkpoints, databaseUrl }, log);
	const context: AppContext = {
		...shared,
		config,
		log,
		clashes: new ClashService({
			db: connection.db,
			journal,
			auth: shared.authService,
			people: shared.people,
			acts,
			announce: (boardId, settled) => tellSettled(rooms, boardId, settled)
		}),
		restores: new RestoreService({
			journal,
			auth: shared.authService,
			audit: shared.audit,
			edits: new EditDesk(rooms)
		}),
		demoAccounts: []
	};
	provideAppContext(context);
	return {
		context,
		isReady: () => answers(connection.db),
		attachSync: (server) => attachSync(server, rooms, deps),
		keepHouse() {
			dailyRoots.start();
			segments.start();
			sessionEnds.start();
			pastSessions.start();
			checkpoints.start();
		},
		async close() {
			checkpoints.stop();
			await Promise.all([dailyRoots.stop(), segments.stop(), sessionEnds.stop(), pastSessions.stop()]);
			await connection.db.destroy();
			lock?.release();
		}
	};
}

function answers(db: DatabaseHandle): Promise<boolean> {
	const answer = db
		.selectFrom('board')
		.select('id')
		.limit(1)
		.execute()
		.then(
			() => true,
			() => false
		);
	return Promise.race([answer, delay(ANSWER_MS, false, { ref: false })]);
}

function syncDepsOf(
	{
		config,
		log,
		audit,
		authService,
		people,
		acts,
		isInLibrary
	}: Pick<AppContext, 'config' | 'log'> &
		Pick<Services, 'audit' | 'authService' | 'people' | 'acts' | 'isInLibrary'>,
	journal: Journal,
	limits: Partial<SyncLimits> = {}
): SyncDeps {
	const inForce = {
		...SYNC_LIMITS,
		socketsPerUser: config.maxSocketsPerUser,
		socketsPerAddress: config.maxSocketsPerAddress,
		...limits
	};
	const refusedEdits = new RefusedEdits(acts, log);
	const { compactionBytes: bytes, compactionTimes: times, compactionClients: clients } = inForce;
	return {
		journal,
		commits: new GroupCommit(journal),
		packer: new StatePacker(),
		compactor: new Compactor({ databaseUrl: config.databaseUrl, rule: { bytes, times, clients } }, log),
		authenticate: (headers) => authService.authenticate(headers),
		standing: (visits) => authService.standing(visits),
		roleOn: (actor, boardId) => authService.roleOn(actor, boardId),
		profileOf: async (userId) => {
			const profile = await people.profile(userId);
			return { id: userId, name: profile?.name ?? '', org: profile?.org ?? '', color: profile?.color ?? 0 };
		},
		audit: (event) => audit.record(event),
		isInLibrary,
		noteRefused: (edit) => refusedEdits.note(edit),
		noteTokenUse: (who, boardId) =>
			void authService
				.noteTokenUse(who, { request: `sync ${boardId}` })
				.catch((error: unknown) => log.error({ err: error }, 'the use of a token was not recorded')),
		addressOf: (request) => peerAddressOf(request, config.trustProxy),
		origin: config.origin,
		limits: inForce,
		log
	};
}
