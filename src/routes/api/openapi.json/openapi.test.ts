import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REFUSAL_CODES } from '#domain/refusal.ts';
import { describeApi } from './document.server.ts';

const API = join(import.meta.dirname, '..');
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

type Operation = { responses: Record<string, unknown>; parameters?: { name: string; in: string }[] };
const document = describeApi('http://127.0.0.1:3000');
const paths = document.paths as unknown as Record<string, Record<string, Operation>>;
const described = Object.entries(paths).flatMap(([path, operations]) =>
	Object.entries(operations).map(([method, operation]) => ({
		name: `${method.toUpperCase()} ${path}`,
		path,
		operation
	}))
);

/** Routes as their files name them: `GET /api/boards/{board}`. */
function implemented(): string[] {
	const files = readdirSync(API, { recursive: true, encoding: 'utf8' }).filter((file) =>
		file.endsWith('+server.ts')
	);
	return files.flatMap((file) => {
		const route = `/api/${relative('.', file)
			.replaceAll('\\', '/')
			.replace(/\/\+server\.ts$/, '')}`;
		const source = readFileSync(join(API, file), 'utf8');
		return METHODS.filter((method) => new RegExp(`export const ${method}\\b`).test(source)).map(
			(method) => `${method} ${route.replaceAll(/\[(\w+)\]/g, '{$1}')}`
		);
	});
}

test('every route of the API is described, and every described one is there', () => {
	const ofApi = described.map(({ name }) => name).filter((name) => name.includes(' /api/'));
	expect(ofApi.sort()).toEqual(implemented().sort());
});

test.each(['GET /healthz', 'GET /readyz', 'GET /metrics'])('%s is described', (name) => {
	expect(described.map((one) => one.name)).toContain(name);
});

describe.each(described)('$name', ({ path, operation }) => {
	test('declares the parameters of its path', () => {
		const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
		const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
		expect(declared.map(({ name }) => name)).toEqual(inPath);
	});
	test('has one answer of success', () => {
		expect(Object.keys(operation.responses).filter((status) => status.startsWith('2'))).toHaveLength(1);
	});
});

test('every reference leads to a schema, and every schema is referred to', () => {
	const text = JSON.stringify(document);
	const names = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]!));
	expect([...names].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

test('the closed list of error codes is told whole', () => {
	const error = JSON.stringify(document.components.schemas.Error);
	for (const code of [...REFUSAL_CODES, 'method-not-allowed', 'internal'])
		expect(error).toContain(`"${code}"`);
});

test('operations have names of their own', () => {
	const ids = described.map(({ operation }) => (operation as { operationId?: string }).operationId);
	expect(new Set(ids).size).toBe(ids.length);
});
