import { Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { download } from '../../download.server.ts';
import { apiActor, respond } from '../../respond.server.ts';
import type { RequestHandler } from './$types';

/** The public keys that signed roots are checked with: no secret, for whoever is signed in. */
export const GET: RequestHandler = (event) =>
	respond(async () => {
		apiActor(event);
		const keys = await appContext().roots.publicKeys();
		if (keys === '') throw new Refusal('not-found', 'there is no key yet: it is made with the first root');
		return download(keys, { name: 'root-key.pub.pem', type: 'application/x-pem-file' });
	});
