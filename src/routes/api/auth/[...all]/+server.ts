import { appContext } from '#server/app-context.ts';
import type { RequestHandler } from './$types';

const serve: RequestHandler = ({ request }) => appContext().auth.handler(request);

export const GET = serve;
export const POST = serve;
