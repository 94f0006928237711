import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { SyncServer } from '#server/sync/sync-server.ts';

/** The program's figures for Prometheus: the process, and the people connected. */
export function createMetrics(sync: Pick<SyncServer, 'socketCount'>): Registry {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	new Gauge({
		name: 'tongchou_sync_sockets',
		help: 'Open sync connections',
		registers: [registry],
		collect() {
			this.set(sync.socketCount);
		}
	});
	return registry;
}
