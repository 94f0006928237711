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
import { createHttpServer } from '#server/web/http-server.ts';
import { isLoopback } from '#server/web/peer-address.ts';

const EXIT_FAILED = 1;
/** After this, connections that will not end are cut. */
const SHUTDOWN_MS = 8_000;
const DEFAULT_BOARD = 'dianzhong';
const isDemo = process.argv.includes('--demo');

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
		const { code, message } = error as NodeJS.ErrnoException;
		throw new StartError(
			code === 'EADDRINUSE'
				? `port ${port} on ${host} is in use; stop what uses it, or set PORT to another one`
				: `cannot listen on ${host}:${port}: ${message}`
		);
	}
}

/** The pages' handler reads its settings when it is loaded, and finds the program by then. */
async function loadPages(config: Config): Promise<RequestListener> {
	process.env.ORIGIN = config.origin;
	const { handler } = (await import(pathToFileURL(HANDLER).href)) as { handler: RequestListener };
	return handler;
}

async function announce({ context }: App): Promise<void> {
	const { config, authService } = context;
	console.log(`统筹 Tongchou: ${config.origin}`);
	const secret = isDemo ? undefined : await authService.createOwnerInvitation();
	if (secret) console.log(`Create the owner's account, once: ${config.origin}/setup/${secret}`);
}

async function stop(app: App, server: Server, sync: SyncServer): Promise<void> {
	const cut = setTimeout(() => server.closeAllConnections(), SHUTDOWN_MS);
	server.close();
	server.closeIdleConnections();
	await sync.close();
	clearTimeout(cut);
	server.closeAllConnections();
	await app.close();
}

async function start(): Promise<void> {
	const config = readSettings();
	await ensureBuild();
	const app = await createApp(config);
	if (isDemo) {
		await addDemoPeople(DEFAULT_BOARD, app.context);
		app.context.demoAccounts = DEMO_ACCOUNTS;
	}
	const { server, sync } = createHttpServer(app, await loadPages(config));
	await listen(server, config);
	await announce(app);
	let isStopping = false;
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.on(signal, () => {
			if (isStopping) return;
			isStopping = true;
			stop(app, server, sync).then(
				() => process.exit(0),
				(error: unknown) => fail(error)
			);
		});
	}
}

/** Expected failures say one line; anything else is a bug and shows where. */
function fail(error: unknown): never {
	if (error instanceof ConfigError || error instanceof StartError || error instanceof SeedError)
		console.error(`tongchou: ${error.message}`);
	else console.error(error);
	process.exit(error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED);
}

start().catch(fail);
