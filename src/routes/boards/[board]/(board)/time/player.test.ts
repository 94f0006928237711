import { expect, test } from 'vitest';
import { Player } from './player.svelte.ts';

/** A history of so many moments, and a clock that goes on when it is told to. */
function playing(moments: number) {
	let shown = 0;
	const waits: number[] = [];
	let goOn = () => {};
	const player = new Player({
		forward: () => Promise.resolve(shown < moments && ++shown > 0),
		wait: (ms, signal) => {
			waits.push(ms);
			return new Promise((resolve) => {
				goOn = resolve;
				signal.addEventListener('abort', () => resolve());
			});
		}
	});
	return { player, waits, shown: () => shown, goOn: () => goOn() };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('one moment after the other is shown, and at the end it stops', async () => {
	const { player, waits, shown, goOn } = playing(2);
	const played = player.play();
	await turn();
	expect([shown(), player.isPlaying]).toEqual([1, true]);
	player.speed = 4;
	goOn();
	await turn();
	expect(shown()).toBe(2);
	goOn();
	await played;
	expect([player.isPlaying, waits]).toEqual([false, [1_500, 375]]);
});

test('a pause ends it at once, and playing goes on from there', async () => {
	const { player, shown, goOn } = playing(5);
	const first = player.play();
	await turn();
	player.pause();
	await first;
	goOn();
	await turn();
	expect([shown(), player.isPlaying]).toEqual([1, false]);
	void player.play();
	await turn();
	expect([shown(), player.isPlaying]).toEqual([2, true]);
	player.pause();
});

test('playing again does not play twice', async () => {
	const { player, shown, goOn } = playing(9);
	void player.play();
	await turn();
	void player.play();
	await turn();
	expect(shown()).toBe(2);
	goOn();
	await turn();
	expect(shown()).toBe(3);
	player.pause();
});
