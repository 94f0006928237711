import { appContext } from '#server/app-context.ts';
import { respond } from '../respond.server.ts';
import { describeApi } from './document.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = () =>
	respond(() => Promise.resolve(describeApi(appContext().config.origin)));
