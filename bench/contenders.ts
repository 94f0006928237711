import type { StartContender } from './contender.ts';
import { startOurs } from './ours.ts';
import { floor, hocuspocus, yWebsocketLevelDb, yWebsocketServer } from './peers.ts';

/** Ours as any y-websocket client meets it, and as the board page does. */
export const ours: StartContender = () => startOurs({ hello: false });
export const oursWithHello: StartContender = () => startOurs({ hello: true });

/** Everybody there is to measure, from the least that can be done to the most. */
export const EVERYBODY: readonly StartContender[] = [
	floor,
	yWebsocketServer,
	yWebsocketLevelDb,
	hocuspocus,
	ours,
	oursWithHello
];
