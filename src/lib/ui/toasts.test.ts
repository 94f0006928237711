import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Toasts } from './toasts.svelte.ts';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const texts = (toasts: Toasts) => toasts.shown.map((toast) => toast.text);

test('a message goes by itself, one with something to do later', () => {
	const toasts = new Toasts();
	toasts.show('已保存');
	toasts.show('已删除', { action: { label: '撤销', run: () => {} } });
	vi.advanceTimersByTime(5_000);
	expect(texts(toasts)).toEqual(['已删除']);
	vi.advanceTimersByTime(7_000);
	expect(texts(toasts)).toEqual([]);
});

test('nothing goes while somebody points at the messages, and then the time starts anew', () => {
	const toasts = new Toasts();
	toasts.show('甲');
	toasts.hold();
	toasts.show('乙');
	vi.advanceTimersByTime(60_000);
	expect(texts(toasts)).toEqual(['甲', '乙']);
	toasts.release();
	vi.advanceTimersByTime(4_999);
	expect(texts(toasts)).toEqual(['甲', '乙']);
	vi.advanceTimersByTime(1);
	expect(texts(toasts)).toEqual([]);
});

test('the oldest gives way to the fourth', () => {
	const toasts = new Toasts();
	for (const text of ['甲', '乙', '丙', '丁']) toasts.show(text);
	expect(texts(toasts)).toEqual(['乙', '丙', '丁']);
});

test('acting on a message does what it offers, once, and takes it away', () => {
	const toasts = new Toasts();
	const run = vi.fn();
	toasts.show('已移动', { action: { label: '撤销', run } });
	const [toast] = toasts.shown;
	if (toast) toasts.act(toast);
	expect(run).toHaveBeenCalledOnce();
	expect(toasts.shown).toEqual([]);
});
