import type { ServerResponse } from 'node:http';

/** Answers with JSON that nobody may keep. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
	response
		.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
		.end(JSON.stringify(body));
}

/** Answers with an error as the API tells it. */
export function answerError(
	response: ServerResponse,
	status: number,
	error: { code: string; message: string }
): void {
	answerJson(response, status, { error });
}
