import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Contender, type StartContender, startPeer } from './contender.ts';

const HOCUSPOCUS_AUTH = 2;
const HOCUSPOCUS_SYNC_REPLY = 4;

/** Hocuspocus names the document in every frame, and wants a token first. */
const HOCUSPOCUS_SPEECH: Pick<Contender, 'wrap' | 'unwrap' | 'greeting'> = {
	wrap: (room, frame) =>
		encoding.encode((encoder) => {
			encoding.writeVarString(encoder, room);
			encoding.writeUint8Array(encoder, frame);
		}),
	unwrap(frame) {
		const decoder = decoding.createDecoder(frame);
		decoding.readVarString(decoder);
		const body = decoding.readTailAsUint8Array(decoder);
		if (body[0] === HOCUSPOCUS_SYNC_REPLY) return Uint8Array.of(0, ...body.subarray(1));
		return body[0] === 0 ? body : undefined;
	},
	greeting: (room) => [
		encoding.encode((encoder) => {
			encoding.writeVarString(encoder, room);
			encoding.writeVarUint(encoder, HOCUSPOCUS_AUTH);
			encoding.writeVarUint(encoder, 0);
			encoding.writeVarString(encoder, 'token');
		})
	]
};

export const floor: StartContender = () => startPeer({ name: 'floor (bare ws)', program: 'floor-relay.ts' });
export const yWebsocketServer: StartContender = () =>
	startPeer({
		name: '@y/websocket-server 0.1.5',
		program: 'peer-servers/node_modules/@y/websocket-server/src/server.js'
	});
export const yWebsocketLevelDb: StartContender = () =>
	startPeer({
		name: '… 0.1.1 + LevelDB',
		program: 'peer-servers/node_modules/y-websocket-server-leveldb/src/server.js',
		env: (dir) => ({ YPERSISTENCE: `${dir}/level` })
	});
export const hocuspocus: StartContender = () =>
	startPeer({
		name: 'Hocuspocus 4.7 + SQLite',
		program: 'peer-servers/hocuspocus.ts',
		speech: HOCUSPOCUS_SPEECH
	});
