import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Board } from '#domain/board.ts';
import type { NotesAtMoment } from '#domain/compare-boards.ts';
import { type BareProject, barely, wholly } from './bare-project.ts';
import { shortened } from './read-path.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
/** Measured on 10,000 projects: 4 leaves 184 KB where 5 leaves 142 KB; 6 and 9 leave 140 KB at twice the time. */
const QUALITY = 5;
const DIGEST_BYTES = 32;
/** Stands in the digest, so that what another version stored is not taken for this. */
const FORMAT = 'tongchou-checkpoint/2';

/** A board at a moment from which those before can be made. */
export interface Picture {
	board: Board;
	notes: ReadonlyMap<string, NotesAtMoment>;
	/** The stage a project names; it may have gone. */
	stageNamed(projectId: string): string;
}

interface Stored {
	board: Omit<Board, 'projects'> & { projects: BareProject[] };
	/** By project, cut where the history cuts them. */
	notes: [string, string][];
	/** Stages that projects name and do not stand in. */
	named: [string, string][];
}

/** A picture as it is stored. */
export async function packPicture({ board, notes, stageNamed }: Picture): Promise<Uint8Array> {
	const named = board.projects.map(({ id }): [string, string] => [id, stageNamed(id)]);
	const stored: Stored = {
		board: { ...board, projects: board.projects.map(barely) },
		notes: [...notes].map(([id, { text }]) => [id, shortened(text)]),
		named: named.filter(([, stage], index) => stage !== board.projects[index]!.stage)
	};
	const packed = await compress(Buffer.from(JSON.stringify(stored)), {
		params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY }
	});
	return Buffer.concat([digestOf(packed), packed]);
}

/** Reads a stored picture. @throws if the bytes are damaged */
export async function unpackPicture(bytes: Uint8Array): Promise<Picture> {
	const packed = bytes.subarray(DIGEST_BYTES);
	if (!digestOf(packed).equals(bytes.subarray(0, DIGEST_BYTES))) throw new Error('a checkpoint is damaged');
	const { board: bare, notes, named } = JSON.parse((await decompress(packed)).toString()) as Stored;
	const board = { ...bare, projects: bare.projects.map(wholly) };
	const stages = new Map([...board.projects.map(({ id, stage }): [string, string] => [id, stage]), ...named]);
	return {
		board,
		notes: new Map(notes.map(([id, text]) => [id, { text, whole: text }])),
		stageNamed: (id) => stages.get(id) ?? ''
	};
}

const digestOf = (packed: Uint8Array) => createHash('sha256').update(FORMAT).update(packed).digest();
