import { once } from 'node:events';
import { createApp } from '#server/app.ts';
import { readConfig } from '#server/config.ts';
import type { SyncLimits } from '#server/sync/limits.ts';
import { createHttpServer } from '#server/web/http-server.ts';

// The server without its pages and with the limits of the environment: `LIMITS='{"snapshotEntries":1}'`.

const config = readConfig(process.env);
const limits = JSON.parse(process.env.LIMITS ?? '{}') as Partial<SyncLimits>;
const app = await createApp(config, { limits });
const { server, sync } = createHttpServer(app, (_, response) => void response.writeHead(404).end());
server.listen(config.port, config.host);
await once(server, 'listening');
process.once('SIGTERM', async () => {
	await sync.close();
	await app.close();
	process.exit(0);
});
