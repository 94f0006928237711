import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '#server/make-folder.ts';
import { createWhole, replaceWhole } from '#server/whole-file.ts';
import type { PublicKeys, SigningKey } from './signed-root.ts';

/** For its owner's eyes alone: whoever has it can sign other roots. */
const PRIVATE_FILE = 'root-key.pem';
const PRIVATE_MODE = 0o600;
/** For everybody, and to be kept where the roots are lodged. */
export const PUBLIC_FILE = 'root-key.pub.pem';
const PUBLIC_MODE = 0o644;
const BLOCK = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

const textOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const idOf = (key: KeyObject) => hash('sha256', key.export({ type: 'spki', format: 'der' }), 'hex');

/** What a file holds; undefined if there is none. */
async function readIfThere(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

/**
 * The key that signs roots: from the data folder, made there on the first start.
 * @throws what the disk says, or if what stands there is no key
 */
export async function readOrCreateSigningKey(dataDir: string): Promise<SigningKey> {
	const path = join(dataDir, PRIVATE_FILE);
	const pem = (await readIfThere(path)) ?? (await createKey(dataDir, path));
	const privateKey = createPrivateKey(pem);
	const publicKey = createPublicKey(privateKey);
	await publish(dataDir, publicKey);
	return { privateKey, id: idOf(publicKey) };
}

async function createKey(dataDir: string, path: string): Promise<string> {
	makeFolder(dataDir);
	const { privateKey } = generateKeyPairSync('ed25519');
	const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	await createWhole(path, { text, mode: PRIVATE_MODE }); // or another process was first
	return readFile(path, 'utf8');
}

/** Puts the public key at the end of its file; those of keys that were lost stay, as their roots do. */
async function publish(dataDir: string, publicKey: KeyObject): Promise<void> {
	const known = await readPublicKeys(dataDir);
	if (parsePublicKeys(known).has(idOf(publicKey))) return;
	const text = known + textOf(publicKey);
	await replaceWhole(join(dataDir, PUBLIC_FILE), { text, mode: PUBLIC_MODE });
}

/** The public keys of a data folder as their file has them (PEM), the present one last; empty before the first root. */
export async function readPublicKeys(dataDir: string): Promise<string> {
	return (await readIfThere(join(dataDir, PUBLIC_FILE))) ?? '';
}

/** The Ed25519 public keys of a PEM text, by name; what is none is left out. */
export function parsePublicKeys(text: string): PublicKeys {
	const keys = [...text.matchAll(BLOCK)].flatMap(([block]) => {
		try {
			return [createPublicKey(block)];
		} catch {
			return [];
		}
	});
	return new Map(keys.filter((key) => key.asymmetricKeyType === 'ed25519').map((key) => [idOf(key), key]));
}
