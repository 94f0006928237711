import { expect, test } from 'vitest';
import { type MomentPicture, MomentPictures } from './moment-pictures.ts';

/** A server that answers when it is told to, and knows what it was asked. */
function answering() {
	const asked: string[] = [];
	const waiting: (() => void)[] = [];
	const fetcher = ((input: string, { signal }: RequestInit) => {
		const at = new URL(input, 'http://here').searchParams.get('at') ?? '';
		asked.push(at);
		return new Promise<Response>((resolve, reject) => {
			signal?.addEventListener('abort', () => reject(new Error('aborted')));
			const picture = { board: {}, seq: Number(at) || 7, at: null, lastMoves: {} };
			waiting.push(() => resolve(Response.json(picture)));
		});
	}) as unknown as typeof fetch;
	return { asked, answer: () => waiting.splice(0).forEach((give) => give()), fetcher };
}
const seqOf = async (picture: Promise<MomentPicture | undefined>) => (await picture)?.seq;

test('only the moment asked for last is waited for', async () => {
	const { asked, answer, fetcher } = answering();
	const pictures = new MomentPictures('b', fetcher);
	const [first, second] = [seqOf(pictures.get('3')), seqOf(pictures.get('4'))];
	answer();
	expect(await Promise.all([first, second])).toEqual([undefined, 4]);
	expect(asked).toEqual(['3', '4']);
});

test('who asks for the same moment again waits for the same answer', async () => {
	const { asked, answer, fetcher } = answering();
	const pictures = new MomentPictures('b', fetcher);
	const both = [seqOf(pictures.get('3')), seqOf(pictures.get('3'))];
	answer();
	expect(await Promise.all(both)).toEqual([3, 3]);
	expect(asked).toEqual(['3']);
});

test('what was seen lately is not fetched again, by whatever name it is asked for', async () => {
	const { asked, answer, fetcher } = answering();
	const pictures = new MomentPictures('b', fetcher);
	const first = pictures.get('2026-05-19T00:00:00.000Z');
	answer();
	await first;
	expect(await seqOf(pictures.get('7'))).toBe(7);
	pictures.note('2026-05-20T00:00:00.000Z', 7);
	expect(await seqOf(pictures.get('2026-05-20T00:00:00.000Z'))).toBe(7);
	expect(asked).toHaveLength(1);
});

test('few are kept, those used last', async () => {
	const { asked, fetcher } = answering();
	const pictures = new MomentPictures('b', fetcher);
	const board = {} as MomentPicture['board'];
	for (let seq = 1; seq <= 16; seq++) pictures.keep(String(seq), { board, seq, at: null, lastMoves: {} });
	await pictures.get('1');
	pictures.keep('17', { board, seq: 17, at: null, lastMoves: {} });
	expect([pictures.find('1')?.seq, pictures.find('2')]).toEqual([1, undefined]);
	expect(asked).toEqual([]);
});

test('what does not come is an error, and is asked for again', async () => {
	let status = 503;
	const fetcher = (() =>
		Promise.resolve(Response.json({ seq: 5, board: {}, lastMoves: {} }, { status }))) as typeof fetch;
	const pictures = new MomentPictures('b', fetcher);
	await expect(pictures.get('5')).rejects.toThrow('503');
	status = 200;
	expect(await seqOf(pictures.get('5'))).toBe(5);
});
