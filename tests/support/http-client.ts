/** What a request carries beside its address. */
export interface RequestParts {
	method?: string;
	/** Sent as JSON. */
	json?: unknown;
	/** Sent as a form. */
	form?: Record<string, string>;
	/** Sent as it is. */
	body?: string;
	headers?: Record<string, string>;
	/** The page it comes from: by default one of the server's own; null = a program that says nothing. */
	origin?: string | null;
}

/** An answer, read. */
export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** The body as JSON; undefined where it is none. */
	json: unknown;
}

/** Somebody who talks to the server, with a jar for cookies as a browser has one. */
export class HttpClient {
	readonly origin: string;
	readonly cookies = new Map<string, string>();
	readonly #token: string | undefined;
	constructor(origin: string, token?: string) {
		this.origin = origin;
		this.#token = token;
	}

	get cookieHeader(): string {
		return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	async request(path: string, parts: RequestParts = {}): Promise<Answer> {
		const headers = new Headers(parts.headers);
		if (this.cookies.size > 0) headers.set('cookie', this.cookieHeader);
		if (this.#token !== undefined) headers.set('authorization', `Bearer ${this.#token}`);
		const { method = 'GET', origin = method === 'GET' ? null : this.origin } = parts;
		if (origin !== null) headers.set('origin', origin);
		if (parts.json !== undefined) headers.set('content-type', 'application/json');
		if (parts.form) headers.set('accept', 'text/html'); // as a browser without script sends it
		const response = await fetch(this.origin + path, {
			method,
			headers,
			redirect: 'manual',
			body: bodyOf(parts)
		});
		for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
		return read(response);
	}

	#keep(setCookie: string): void {
		const [pair = ''] = setCookie.split(';');
		const [name = '', value = ''] = pair.split(/=(.*)/s);
		if (value === '' || /max-age=0/i.test(setCookie)) this.cookies.delete(name);
		else this.cookies.set(name, value);
	}

	/** Signs in by the API; the cookie stays in the jar. */
	signIn(email: string, password: string, headers: Record<string, string> = {}): Promise<Answer> {
		return this.request('/api/auth/sign-in/email', { method: 'POST', json: { email, password }, headers });
	}
}

function bodyOf({ json, form, body }: RequestParts): string | URLSearchParams | null {
	if (json !== undefined) return JSON.stringify(json);
	return form ? new URLSearchParams(form) : (body ?? null);
}

async function read(response: Response): Promise<Answer> {
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
	return {
		status: response.status,
		headers: response.headers,
		text,
		json: isJson ? JSON.parse(text) : undefined
	};
}
