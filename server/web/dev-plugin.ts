import type { Server } from 'node:http';
import type { Plugin } from 'vite';
import { createApp } from '#server/app.ts';
import { readConfig } from '#server/config.ts';
import { peerAddressOf } from './peer-address.ts';

/**
 * The program inside of Vite's development server: the same services, database and sync server as in production, with
 * pages that reload. Changes of `server/` take effect at the next start.
 */
export function tongchou(): Plugin {
	return {
		name: 'tongchou',
		apply: 'serve',
		config() {
			if (process.env.VITEST) return undefined;
			const { host, port } = readConfig(process.env, './data/dev');
			return { server: { host, port, strictPort: true } };
		},
		async configureServer({ httpServer, middlewares }) {
			if (process.env.VITEST || !httpServer) return;
			const app = await createApp(readConfig(process.env, './data/dev'));
			app.attachSync(httpServer as Server);
			const secret = await app.context.ownerLinks.create();
			if (secret)
				httpServer.once('listening', () =>
					console.log(`Create the owner's account, once: ${app.context.config.origin}/setup/${secret}`)
				);
			middlewares.use((request, _response, next) => {
				request.headers['x-peer-address'] = peerAddressOf(request, app.context.config.trustProxy);
				next();
			});
		}
	};
}
