import { errorResponse } from '../respond.server.ts';
import type { RequestHandler } from './$types';

/** Addresses of the API that are none. */
export const fallback: RequestHandler = () => errorResponse('not-found', 'there is nothing here', 404);
