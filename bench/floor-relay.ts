/**
 * The least a relay can do: every frame goes to everybody else in the room, unread. No document, no storage.
 * `BATCH_MS` joins the frames of a window and writes once per socket.
 */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

const rooms = new Map<string, Set<WebSocket>>();
const server = createServer((_request, response) => response.end('ok'));
const wss = new WebSocketServer({ server, perMessageDeflate: false });
/** A sync step 2 without anything in it, so that a client that asks for the state gets an answer. */
const EMPTY_STEP2 = Buffer.from([0, 1, 2, 0, 0]);
const SYNC_UPDATE = 2;

wss.on('connection', (socket, request) => {
	const name = request.url ?? '/';
	const room = rooms.get(name) ?? new Set();
	rooms.set(name, room.add(socket));
	socket.on('message', (data: Buffer) => {
		if (data[0] === 0 && data[1] === 0) return socket.send(EMPTY_STEP2);
		if (data[0] === 0 && data[1] !== SYNC_UPDATE) return undefined;
		for (const other of room) if (other !== socket) other.send(data);
		return undefined;
	});
	socket.on('close', () => room.delete(socket));
});
server.listen(Number(process.env.PORT), '127.0.0.1');
