import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { pathToFileURL } from 'node:url';
import { SeedError } from '#seeds/portfolio.ts';
import { type App, createApp } from '#server/app.ts';
import { type Config, ConfigError, EXIT_CONFIG, readConfig } from '#server/config.ts';
import { addDemoPeople, DEMO_ACCOUNTS } from '#server/demo/demo.service.ts';
import { StartError } from '#server/start-error.ts';
import type { SyncServer } from '#server/sync/sync-server.ts';
import { ensureBuild, HANDLER } from '#server/web/ensure-build.ts';
import { BODY_MAX_BYTES, createHttpServer } from '#server/web/http-server.ts';
import { isLoopback } from '#server/web/peer-address.ts';

const EXIT_FAILED = 1;
/** After this, connections that will not end are cut. */
const CUT_MS = 7_000;
/** After this the program ends, whatever is still under way. */
const GIVE_UP_MS = 9_500;
const DEFAULT_BOARD = 'dianzhong';
const isDemo = process.argv.includes('--demo');
/** The signal to end has come. */
const stopping = new AbortController();

/** The settings; a demonstration has its own data folder and never listens to other machines. @throws {ConfigError} */
function readSettings(): Config {
	if (!isDemo) return readConfig(process.env);
	const config = readConfig(process.env, './data/demo');
	if (config.host !== 'localhost' && !isLoopback(config.host))
		throw new ConfigError(
			`HOST is ${JSON.stringify(config.host)}: a demonstration has known passwords and only listens on 127.0.0.1`
		);
	return config;
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
	server.listen(port, host);
	try {
		await once(server, 'listening');
	} catch (error) {
		throw listenError(error as NodeJS.ErrnoException, host, port);
	}
}

function listenError({ code, message }: NodeJS.ErrnoException, host: string, port: number): Error {
	switch (code) {
		case 'EADDRINUSE':
			return new StartError(
				`port ${port} on ${host} is in use; stop what uses it, or set PORT to another one`
			);
		case 'EACCES':
			return new ConfigError(`PORT is ${port}, which this account may not listen on`);
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return new ConfigError(`HOST is ${JSON.stringify(host)}, which is no address of this machine`);
		default:
			return new StartError(`cannot listen on ${host}:${port}: ${message}`);
	}
}

/** The pages' handler reads its settings when it is loaded, and finds the program by then. */
async function loadPages(config: Config): Promise<RequestListener> {
	process.env.ORIGIN = config.origin;
	process.env.BODY_SIZE_LIMIT = String(BODY_MAX_BYTES);
	const { handler } = (await import(pathToFileURL(HANDLER).href)) as { handler: RequestListener };
	return handler;
}

async function announce({ context }: App): Promise<void> {
	const { config, ownerLinks } = context;
	console.log(`统筹 Tongchou: ${config.origin}`);
	const secret = isDemo ? undefined : await ownerLinks.create();
	if (secret) console.log(`Create the owner's account, once: ${config.origin}/setup/${secret}`);
}

async function stop(app: App, server: Server, sync: SyncServer): Promise<void> {
	const cut = setTimeout(() => server.closeAllConnections(), CUT_MS);
	server.close();
	server.closeIdleConnections();
	await sync.close();
	clearTimeout(cut);
	server.closeAllConnections();
	await app.close();
}

/** Starts everything, and returns how it is ended again. */
async function start(): Promise<() => Promise<void>> {
	const config = readSettings();
	const app = await createApp(config);
	await ensureBuild(stopping.signal);
	if (isDemo) {
		await addDemoPeople(DEFAULT_BOARD, app.context);
		app.context.demoAccounts = DEMO_ACCOUNTS;
	}
	const { server, sync } = createHttpServer(app, await loadPages(config));
	await listen(server, config);
	app.keepHouse();
	await announce(app);
	return () => stop(app, server, sync);
}

/** Expected failures say one line; anything else is a bug and shows where. */
function fail(error: unknown): never {
	if (error instanceof ConfigError || error instanceof StartError || error instanceof SeedError)
		console.error(`tongchou: ${error.message}`);
	else console.error(error);
	process.exit(error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
	process.on(signal, () => {
		stopping.abort();
		setTimeout(() => fail(new StartError('what was under way did not end in time')), GIVE_UP_MS).unref();
	});
}
const untilStopped = once(stopping.signal, 'abort');
const started = start();
started.catch((error: unknown) => {
	if (!stopping.signal.aborted) fail(error);
});
await untilStopped;
// a start that is broken off has kept nobody waiting and has nothing to end
const end = await started.catch(() => undefined);
await end?.().catch(fail);
process.exit(0);
