/** Address of a board's sync on the server this page came from. */
export function syncAddress(boardId: string): string {
	const { protocol, host } = location;
	return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/sync/${encodeURIComponent(boardId)}`;
}
