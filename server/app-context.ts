import type { Logger } from 'pino';
import type { Portfolio } from '#seeds/schema.ts';
import type { AuditService } from '#server/audit/audit.service.ts';
import type { AuthService } from '#server/auth/auth.service.ts';
import type { Auth } from '#server/auth/create-auth.ts';
import type { OwnerLinkService } from '#server/auth/owner-link.service.ts';
import type { SignInService } from '#server/auth/sign-in.service.ts';
import type { BoardReader } from '#server/boards/board-reader.ts';
import type { BoardService } from '#server/boards/board.service.ts';
import type { VisitService } from '#server/boards/visit.service.ts';
import type { Config } from '#server/config.ts';
import type { DemoAccount } from '#server/demo/demo.service.ts';
import type { CompareService } from '#server/history/compare.service.ts';
import type { ClashService } from '#server/history/clash.service.ts';
import type { HistoryService } from '#server/history/history.service.ts';
import type { RestoreService } from '#server/history/restore.service.ts';
import type { VersionService } from '#server/history/version.service.ts';
import type { OrganisationService } from '#server/organisations/organisation.service.ts';
import type { PeopleService } from '#server/people/people.service.ts';
import type { ProofService } from '#server/proof/proof.service.ts';
import type { RootService } from '#server/proof/root.service.ts';

/** What pages and endpoints may use of the running program. */
export interface AppContext {
	config: Config;
	log: Logger;
	/** better-auth itself, for what only reads; whatever changes something goes through the services. */
	auth: Auth;
	authService: AuthService;
	signIns: SignInService;
	ownerLinks: OwnerLinkService;
	audit: AuditService;
	people: PeopleService;
	organisations: OrganisationService;
	boards: BoardService;
	boardReader: BoardReader;
	visits: VisitService;
	history: HistoryService;
	clashes: ClashService;
	comparisons: CompareService;
	restores: RestoreService;
	versions: VersionService;
	proofs: ProofService;
	roots: RootService;
	portfolio: Portfolio;
	/** Listed on the sign-in page of a demonstration; empty otherwise. */
	demoAccounts: readonly DemoAccount[];
}

/** The pages' bundle and the server are two module graphs of one process: this is where they meet. */
const KEY = Symbol.for('tongchou');
const shared = globalThis as { [KEY]?: AppContext };

/** Makes the running program known to the pages. */
export function provideAppContext(context: AppContext): void {
	shared[KEY] = context;
}

/** The running program. @throws before it has started */
export function appContext(): AppContext {
	const context = shared[KEY];
	if (!context) throw new Error('the program has not started');
	return context;
}
