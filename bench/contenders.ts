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

/** How a benchmark is run. */
export interface RunOptions {
	rounds: number;
	/** Whom to measure, by their names in the code; nobody named = everybody. */
	only: readonly string[];
	/** How large a board `history` measures; undefined = the full size. */
	projects: number | undefined;
	edits: number | undefined;
}

/** Those of some servers that are to be measured. */
export function chosen(starts: readonly StartContender[], { only }: RunOptions): readonly StartContender[] {
	return only.length === 0 ? starts : starts.filter(({ name }) => only.includes(name));
}
