import type { IncomingMessage } from 'node:http';

/** Headers of Node's request as the web's. */
export function headersOf(request: IncomingMessage): Headers {
	const headers = new Headers();
	for (const [name, value] of Object.entries(request.headers)) {
		for (const one of Array.isArray(value) ? value : [value])
			if (one !== undefined) headers.append(name, one);
	}
	return headers;
}
