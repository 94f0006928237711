/** A file for the caller to keep. @param name plain characters only */
export function download(body: BodyInit, { name, type }: { name: string; type: string }): Response {
	return new Response(body, {
		headers: {
			'content-type': type,
			'content-disposition': `attachment; filename="${name}"`,
			'cache-control': 'no-store'
		}
	});
}
